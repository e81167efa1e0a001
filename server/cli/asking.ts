import type { Approval, Client, CreatedApproval, NewApproval, Outcome } from '../../clients/typescript/src/index.ts'
import { TimeoutError } from '../../clients/typescript/src/index.ts'
import { visible } from '../../shared/visible.ts'
import type { ActionWord } from './approve-command.ts'
import { refused } from './client.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { Interrupted, waiting } from './waiting.ts'
import type { ApproverWords } from './words.ts'

/** What `approve` and `run` ask with. */
export type AskOptions = {
  info?: string
  value?: string
  action?: ActionWord[]
  initialValue?: string
  /** Seconds. */
  ttl?: number
  refId?: string
  payload?: Record<string, unknown>
  pin?: boolean
  matchNumber?: boolean
  comment?: 'optional' | 'required' | 'off'
  signedIn?: boolean
  approver?: string[]
  approvers?: ApproverWords[]
  passkey?: boolean
  /** Seconds. */
  timeout?: number
  json?: boolean
}

/** Seconds after the time to decide when, with no `--timeout`, a server that never came back is given up. */
const patience = 60

/** How long a request is withdrawn for before it is left to expire (ms): somebody waits for their prompt. */
const withdrawal = 5000

const asUsual: ActionWord[] = [
  { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
  { key: 'reject', value: 'rejected', label: 'Reject', style: 'danger' },
]

/** An approval as the command line's words ask for it. */
export function wishOf(key_path: string, options: AskOptions): NewApproval {
  const { info, value, initialValue: initial_value, refId: ref_id, payload, comment } = options
  // Whoever is named one by one is a group of its own, of whom one decides.
  const groups = [...(options.approver ? [{ any_of: options.approver }] : []), ...(options.approvers ?? [])]
  const given = { info, initial_value, ref_id, payload, comment }
  return {
    key_path,
    ...(value === undefined ? { actions: options.action ?? asUsual } : { value }),
    ttl_seconds: timeToDecide(options),
    ...(options.pin ? { pin: 'generate' } : {}),
    ...(options.matchNumber ? { match_number: true } : {}),
    ...(options.signedIn ? { link: 'signed_in' } : {}),
    ...(groups.length > 0 ? { approvers: groups } : {}),
    ...(options.passkey ? { passkey: true } : {}),
    ...Object.fromEntries(Object.entries(given).filter(([, word]) => word !== undefined)),
  }
}

/** Seconds; as long as somebody waits: nobody should decide what nobody waits for any more. */
const timeToDecide = ({ ttl, timeout = 600 }: AskOptions) => ttl ?? Math.max(10, timeout)

/** Shows who is to decide where: a link, which a phone reads off a screen. */
export async function showLink(terminal: Terminal, url: string): Promise<void> {
  if (terminal.watched) {
    const { toString: draw } = await import('qrcode')
    // In colours even under NO_COLOR: dark on light is what scanners read, whatever the terminal's own are.
    terminal.err(await draw(url, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }))
  }
  terminal.err(url)
}

/** The link, and what the approver must be told. */
export async function show(terminal: Terminal, { url, pin, match_number }: CreatedApproval): Promise<void> {
  await showLink(terminal, url)
  if (pin !== undefined) terminal.err(`PIN: ${pin}`)
  if (match_number !== undefined) terminal.err(`Number: ${match_number}`)
}

/** Whether what nobody waits for any more could be withdrawn. */
export const withdrawn = (withdraw: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> =>
  withdraw(AbortSignal.timeout(withdrawal)).then(
    () => true,
    () => false,
  )

type Wait = AskOptions & { client: Client; tell: (line: string) => void; withdraws: 'never' | 'interrupted' | 'always' }

/**
 * Waits for the answer, over dropped connections and restarted servers.
 * @throws {CommandFault} 4 when nobody decided in time, 130 by ^C; then the request is withdrawn, if that is wished
 */
export async function answerTo(terminal: Terminal, asked: CreatedApproval, wait: Wait): Promise<Approval> {
  const { client, withdraws } = wait
  const { approval_id: id, expires_at } = asked
  const timeout = (wait.timeout ?? timeToDecide(wait) + patience) * 1000
  const waited = waiting(terminal, expires_at, (signal) => client.approvals.waitFor(id, { timeout, signal }))
  return waited.catch(async (error: unknown) => {
    const late = error instanceof TimeoutError
    if (!late && !(error instanceof Interrupted)) return refused(error)
    const gone =
      (withdraws === 'always' || (withdraws === 'interrupted' && !late)) &&
      (await withdrawn((signal) => client.approvals.invalidate(id, { signal })))
    if (wait.json)
      wait.tell(JSON.stringify({ outcome: late ? 'timed_out' : 'interrupted', approval_id: id, expires_at }))
    const rest = gone ? 'The request is withdrawn.' : `The link works until ${expires_at}.`
    throw new CommandFault(`${error.message} ${rest}`, late ? 4 : error.exitCode)
  })
}

/** The end of a command whose answer was no yes. */
export function faultOf(outcome: Outcome, { decision, status }: Approval): CommandFault {
  const comment = decision?.comment ? `: ${visible(decision.comment)}` : '.'
  if (decision && outcome === 'rejected')
    return new CommandFault(`Rejected by ${visible(decision.decided_by.name)}${comment}`, 3)
  return new CommandFault(`It was not decided: ${status}.`, outcome === 'expired' ? 4 : 5)
}
