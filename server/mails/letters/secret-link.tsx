import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { asName } from './words.ts'

export function secretLink({ project, sharedBy, passphrase, url, expiresAt }: MailData<'secret link'>): Letter {
  const who = asName(sharedBy)
  return {
    subject: `${who} shares a secret with you`,
    preview: 'A link that opens once.',
    title: `${who} shares a secret with you`,
    body: (
      <>
        <Say>It was shared in the project {asName(project)}. It can be read once: have a safe place for it ready.</Say>
        {passphrase && (
          <Say>It asks for a passphrase, which is not in this mail. {who} gives it to you another way.</Say>
        )}
      </>
    ),
    action: { label: 'Open the secret', url },
    expiresAt,
    closing:
      'Opening the page does not use it up, only the button on it does. Do not pass this mail on: whoever has the address can read the secret. If you do not know who shared it, do nothing.',
  }
}
