import type { Client, Released } from '../../clients/typescript/src/index.ts'
import { outcomeOf } from '../../clients/typescript/src/index.ts'
import { type AskOptions, answerTo, faultOf, show, wishOf } from './asking.ts'
import { refused } from './client.ts'
import type { Terminal } from './terminal.ts'

/** What leaves with a yes. */
type Release = { secret: string } | { account: string } | { value: string }

/**
 * Asks people to release something, waits for their answer, and reads it: once. What was asked is withdrawn when nobody waits for
 * it any more. @throws {CommandFault} as `approve --wait` does
 */
export async function released(
  terminal: Terminal,
  client: Client,
  what: { keyPath: string; release: Release },
  options: AskOptions,
): Promise<Released> {
  const wish = { ...wishOf(what.keyPath, options), release: what.release }
  const asked = await client.approvals.create(wish).catch(refused)
  // The link opens nothing but the dashboard here: only signed-in people let something out.
  await show(terminal, { ...asked, url: asked.approval_url ?? asked.url })
  const answer = await answerTo(terminal, asked, { ...options, client, withdraws: 'always', tell: terminal.err })
  const outcome = outcomeOf(answer)
  if (outcome !== 'approved') throw faultOf(outcome, answer)
  return client.approvals.release(asked.approval_id, { actionHash: asked.action_hash }).catch(refused)
}
