import { outcomeOf } from '../../clients/typescript/src/index.ts'
import { type AskOptions, answerTo, faultOf, show, wishOf } from './asking.ts'
import { isOurYes, isYes, strangeness } from './bound.ts'
import { mustBeThere, runChild } from './child.ts'
import { clientOf, refused } from './client.ts'
import { type PermitOptions, permitted } from './permitted.ts'
import { proofFor, proven, usedUp } from './proven.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type RunOptions = AskOptions &
  PermitOptions & {
    key?: string
    showCommand?: boolean
  }

/**
 * `run`: asks, waits, and runs a program on a yes and on nothing else. Its exit code is ours, and its stdout too, so all that
 * we say is on stderr.
 * @throws {CommandFault} with the exit code
 */
export async function run(terminal: Terminal, command: readonly string[], options: RunOptions): Promise<void> {
  mustBeThere(command[0] ?? '', terminal)
  const more =
    options.key === undefined ? await permitted(terminal, options) : await approved(terminal, command, options)
  const code = await runChild(terminal, command, more)
  if (code !== 0) throw new CommandFault('', code)
}

/** Asks for an approval, and believes the answer only with its receipt, which it uses up. */
async function approved(terminal: Terminal, command: readonly string[], options: RunOptions) {
  const client = clientOf(terminal)
  const payload = options.showCommand ? { ...options.payload, command } : options.payload
  const wish = wishOf(options.key ?? '', { ...options, ...(payload ? { payload } : {}) })
  const proof = await proofFor(terminal, client, options)
  const asked = await client.approvals.create(wish).catch(refused)
  const mustBeOurs = (strange: string | undefined) => {
    if (strange) throw new CommandFault(`${strange} Nothing was run.`)
  }
  mustBeOurs(strangeness(wish, asked))
  await show(terminal, asked)
  const answer = await answerTo(terminal, asked, { ...options, client, withdraws: 'always', tell: terminal.err })
  const again = await client.approvals.get(asked.approval_id).catch(refused)
  if (options.json) terminal.err(JSON.stringify({ outcome: outcomeOf(again), ...again }))
  for (const read of [answer, again]) mustBeOurs(strangeness(wish, asked, read))
  if (outcomeOf(answer) !== 'approved') throw faultOf(outcomeOf(answer), answer)
  if (!isYes(wish, answer) || !isYes(wish, again)) mustBeOurs('The answer is not the same when it is read once more.')
  const { approval_id: id, action_hash: actionHash } = asked
  const { receipt, said } = await proven(client, proof, { id, actionHash })
  if (!isOurYes(wish, said)) mustBeOurs('The receipt is of another answer.')
  await usedUp(client, id, receipt)
  return {}
}
