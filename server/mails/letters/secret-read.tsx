import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { about, askedFor, WhichSecret } from './secret-notice.tsx'
import { asTime } from './words.ts'

export function secretRead(data: MailData<'secret read'>): Letter {
  return {
    subject: about('Your secret was read', data),
    preview: 'It cannot be read again.',
    title: 'Your secret was read',
    body: (
      <>
        <Say>It was read on {asTime(data.readAt)}, and cannot be read again.</Say>
        <WhichSecret of={data} />
        <Say>If the person you sent it to did not read it, somebody else did: change what it held.</Say>
      </>
    ),
    closing: askedFor,
  }
}
