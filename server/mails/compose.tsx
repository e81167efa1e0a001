import { render } from '@react-email/render'
import { addressCheck } from './letters/address-check.tsx'
import { approvalRequest } from './letters/approval-request.tsx'
import { askAnswered } from './letters/ask-answered.tsx'
import { channelNotice } from './letters/channel-notice.tsx'
import { invitation } from './letters/invitation.tsx'
import { keyAlert } from './letters/key-alert.tsx'
import { type Letter, Sheet } from './letters/letter.tsx'
import { passwordReset } from './letters/password-reset.tsx'
import { permissionRequest } from './letters/permission-request.tsx'
import { secretContested } from './letters/secret-contested.tsx'
import { secretExpired } from './letters/secret-expired.tsx'
import { secretExpiresSoon } from './letters/secret-expires-soon.tsx'
import { secretLink } from './letters/secret-link.tsx'
import { secretRead } from './letters/secret-read.tsx'
import { testMail } from './letters/test-mail.tsx'
import type { Mail } from './mail.ts'

function letterOf(mail: Mail): Letter {
  switch (mail.kind) {
    case 'invitation':
      return invitation(mail.data)
    case 'password reset':
      return passwordReset(mail.data)
    case 'address check':
      return addressCheck(mail.data)
    case 'permission request':
      return permissionRequest(mail.data)
    case 'approval request':
      return approvalRequest(mail.data)
    case 'key alert':
      return keyAlert(mail.data)
    case 'secret link':
      return secretLink(mail.data)
    case 'secret read':
      return secretRead(mail.data)
    case 'secret contested':
      return secretContested(mail.data)
    case 'secret expired':
      return secretExpired(mail.data)
    case 'secret expires soon':
      return secretExpiresSoon(mail.data)
    case 'ask answered':
      return askAnswered(mail.data)
    case 'channel notice':
      return channelNotice(mail.data)
    case 'test':
      return testMail(mail.data)
  }
}

/** Key paths and names are the same in capitals only to people. */
const asWritten = { selectors: [{ selector: 'h1', options: { uppercase: false } }] }

/** A mail as its reader gets it: subject, HTML and the same as plain text. Loads the renderer: import it when a mail goes out. */
export async function compose(mail: Mail, publicUrl: string): Promise<{ subject: string; html: string; text: string }> {
  const letter = letterOf(mail)
  const sheet = <Sheet letter={letter} publicUrl={publicUrl} />
  const [html, text] = await Promise.all([
    render(sheet),
    render(sheet, { plainText: true, htmlToTextOptions: asWritten }),
  ])
  return { subject: letter.subject, html, text }
}
