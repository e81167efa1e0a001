import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { about, askedFor, WhichSecret } from './secret-notice.tsx'
import { asTime } from './words.ts'

export function secretExpired(data: MailData<'secret expired'>): Letter {
  return {
    subject: about('Nobody read your secret in time', data),
    preview: 'It has expired, unread.',
    title: 'Nobody read your secret in time',
    body: (
      <>
        <Say>It expired on {asTime(data.expiredAt)}, unread, and nobody can read it any more.</Say>
        <WhichSecret of={data} />
        <Say>If it is still needed, share it anew.</Say>
      </>
    ),
    closing: askedFor,
  }
}
