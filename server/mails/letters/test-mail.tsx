import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'

export function testMail({ publicUrl }: MailData<'test'>): Letter {
  return {
    subject: `Test mail from ${new URL(publicUrl).host}`,
    preview: 'Mail from this instance arrives.',
    title: 'Mail arrives',
    body: <Say>Somebody who runs this instance asked for this mail, to see whether mail arrives. It does.</Say>,
    action: { label: 'Open Countersign', url: publicUrl },
    closing: 'There is nothing to do.',
  }
}
