import type { MailData } from '../mail.ts'
import { type Letter, Quote, Say } from './letter.tsx'
import { asName, asText, oneLine } from './words.ts'

export function approvalRequest(data: MailData<'approval request'>): Letter {
  const keyPath = oneLine(data.keyPath, 200)
  return {
    subject: `Approval needed: ${oneLine(data.keyPath, 80)} in ${asName(data.project)}`,
    preview: 'Somebody waits for your decision.',
    title: `Decide on ${keyPath}`,
    body: (
      <>
        <Say>
          {asName(data.requestedBy)} asks for a decision on {keyPath} in the project {asName(data.project)}.
        </Say>
        {data.info && <Quote words={asText(data.info)} />}
      </>
    ),
    action: { label: 'Look at it and decide', url: data.url },
    expiresAt: data.expiresAt,
    closing: 'Opening it decides nothing. Do not pass this mail on: whoever has the address may be able to decide.',
  }
}
