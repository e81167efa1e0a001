import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { asName, oneLine } from './words.ts'

export function invitation({ project, role, invitedBy, url, expiresAt }: MailData<'invitation'>): Letter {
  return {
    subject: `Invitation to ${asName(project)}`,
    preview: 'You are invited to a project.',
    title: `Join ${asName(project)}`,
    body: (
      <Say>
        {asName(invitedBy)} invites you to the project {asName(project)} with the role {oneLine(role)}.
      </Say>
    ),
    action: { label: 'Accept the invitation', url },
    expiresAt,
    closing: 'If you do not know who invited you, do nothing: without you nothing happens.',
  }
}
