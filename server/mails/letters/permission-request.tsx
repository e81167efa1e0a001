import type { MailData } from '../mail.ts'
import { type Letter, Quote, Say } from './letter.tsx'
import { asName, asText, oneLine } from './words.ts'

export function permissionRequest(data: MailData<'permission request'>): Letter {
  const action = oneLine(data.action, 200)
  const resource = data.resource === null ? '' : ` on ${oneLine(data.resource, 200)}`
  return {
    subject: `Permission needed: ${oneLine(data.action, 80)} by ${asName(data.agent)}`,
    preview: 'An agent waits for your answer before it acts.',
    title: `May ${asName(data.agent)} do this?`,
    body: (
      <>
        <Say>
          The agent {asName(data.agent)} asks to do {action}
          {resource} in the project {asName(data.project)}. It waits for a yes or a no.
        </Say>
        {data.reason && <Quote words={asText(data.reason)} />}
      </>
    ),
    action: { label: 'Look at it and answer', url: data.url },
    expiresAt: data.expiresAt,
    closing: 'Opening it answers nothing, and asks you to sign in.',
  }
}
