import { outcomeOf } from '../../clients/typescript/src/index.ts'
import { type AskOptions, answerTo, faultOf, show, wishOf } from './asking.ts'
import { clientOf, refused } from './client.ts'
import type { Terminal } from './terminal.ts'

export type ApproveOptions = AskOptions & {
  wait?: boolean
  idempotencyKey?: string
  cancelOnInterrupt?: boolean
}

/** `approve`: asks by the API, and waits for the answer if wished. Needs no database, no key but the API key. */
export async function approve(terminal: Terminal, keyPath: string, options: ApproveOptions): Promise<void> {
  const client = clientOf(terminal)
  const { idempotencyKey, json } = options
  const asked = await client.approvals.create(wishOf(keyPath, options), { idempotencyKey }).catch(refused)
  await show(terminal, asked)
  if (!options.wait) return terminal.out(json ? JSON.stringify(asked) : asked.approval_id)
  const withdraws = options.cancelOnInterrupt ? 'interrupted' : 'never'
  const answer = await answerTo(terminal, asked, { ...options, client, withdraws, tell: terminal.out })
  const outcome = outcomeOf(answer)
  if (json) terminal.out(JSON.stringify({ outcome, ...answer }))
  else if (answer.decision) terminal.out(answer.decision.value)
  if (outcome !== 'approved') throw faultOf(outcome, answer)
}
