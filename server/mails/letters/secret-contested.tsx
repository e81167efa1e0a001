import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { about, askedFor, WhichSecret } from './secret-notice.tsx'
import { asTime } from './words.ts'

export function secretContested(data: MailData<'secret contested'>): Letter {
  return {
    subject: about('Somebody came for your secret after it was read', data),
    preview: 'They were shown nothing.',
    title: 'Somebody came for your secret after it was read',
    body: (
      <>
        <Say>
          It was read on {asTime(data.readAt)}. Somebody tried to read it again on {asTime(data.cameAt)}, and was shown
          nothing.
        </Say>
        <WhichSecret of={data} />
        <Say>
          Often it is the same person, who tries the link a second time. Ask them: if they never saw the secret,
          somebody else did, and what it held must be changed.
        </Say>
      </>
    ),
    closing: `${askedFor} Of this secret you are told it once.`,
  }
}
