import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { asName } from './words.ts'

export function passwordReset({ name, url, expiresAt }: MailData<'password reset'>): Letter {
  return {
    subject: 'Choose a new password',
    preview: 'Somebody asked for a new password for your account.',
    title: 'Choose a new password',
    body: <Say>Hello {asName(name)}, somebody asked for a new password for your account.</Say>,
    action: { label: 'Choose a new password', url },
    expiresAt,
    closing: 'If it was not you, do nothing: your password stays as it is. Nobody can see it, and neither can we.',
  }
}
