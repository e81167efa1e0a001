import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { asName } from './words.ts'

export function addressCheck({ name, url }: MailData<'address check'>): Letter {
  return {
    subject: 'Confirm your e-mail address',
    preview: 'Show that this address is yours.',
    title: 'Confirm your e-mail address',
    body: <Say>Hello {asName(name)}, please show that this address is yours.</Say>,
    action: { label: 'Confirm this address', url },
    closing: 'If you have no account here, do nothing: the address is not used.',
  }
}
