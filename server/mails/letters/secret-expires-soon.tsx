import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { about, askedFor, WhichSecret } from './secret-notice.tsx'
import { asTime } from './words.ts'

export function secretExpiresSoon(data: MailData<'secret expires soon'>): Letter {
  return {
    subject: about('Nobody has read your secret yet', data),
    preview: 'It expires soon.',
    title: 'Nobody has read your secret yet',
    body: (
      <>
        <Say>It can be read until {asTime(data.expiresAt)}; then it is gone.</Say>
        <WhichSecret of={data} />
        <Say>Remind the person you sent its link to.</Say>
      </>
    ),
    closing: askedFor,
  }
}
