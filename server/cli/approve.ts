import {
  type Approval,
  Client,
  CountersignError,
  type CreatedApproval,
  type NewApproval,
  outcomeOf,
} from '../../clients/typescript/src/index.ts'
import { visible } from '../../shared/visible.ts'
import { ConfigFault } from '../env.ts'
import type { ActionWord } from './approve-command.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type ApproveOptions = {
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
  wait?: boolean
  /** Seconds. */
  timeout?: number
  json?: boolean
}

/** Seconds after the time to decide when, with no `--timeout`, a server that never came back is given up. */
const patience = 60

/** `approve`: asks by the API, and waits for the answer if wished. Needs no database, no key but the API key. */
export async function approve(terminal: Terminal, keyPath: string, options: ApproveOptions): Promise<void> {
  const client = clientOf(terminal)
  const asked = await client.approvals.create(wishOf(keyPath, options)).catch(refused)
  await show(terminal, asked)
  if (!options.wait) return terminal.out(options.json ? JSON.stringify(asked) : asked.approval_id)
  const { approval_id, expires_at } = asked
  const timeout = (options.timeout ?? timeToDecide(options) + patience) * 1000
  const answer = await client.approvals.waitFor(approval_id, { timeout }).catch((error) => {
    if (!(error instanceof CountersignError) || error.code !== 'TIMED_OUT') return refused(error)
    if (options.json) terminal.out(JSON.stringify({ outcome: 'timed_out', approval_id, expires_at }))
    throw new CommandFault(`Nobody decided in time. The link works until ${expires_at}.`, 4)
  })
  conclude(terminal, answer, options.json === true)
}

function clientOf(terminal: Terminal): Client {
  try {
    const { url: baseUrl, apiKey } = terminal.caller()
    // About eight seconds of trying: a server that is restarted is back by then.
    return new Client({ baseUrl, apiKey, maxRetries: 5 })
  } catch (error) {
    if (error instanceof ConfigFault) throw new CommandFault(error.sentences.join(' '), 2)
    throw error
  }
}

const asUsual: ActionWord[] = [
  { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
  { key: 'reject', value: 'rejected', label: 'Reject', style: 'danger' },
]

function wishOf(key_path: string, options: ApproveOptions): NewApproval {
  const { info, value, initialValue: initial_value, refId: ref_id, payload, comment, approver } = options
  return {
    key_path,
    ...(value === undefined ? { actions: options.action ?? asUsual } : { value }),
    ttl_seconds: timeToDecide(options),
    ...(options.pin ? { pin: 'generate' } : {}),
    ...(options.matchNumber ? { match_number: true } : {}),
    ...(options.signedIn ? { link: 'signed_in' } : {}),
    ...(approver === undefined ? {} : { approvers: [{ any_of: approver }] }),
    // Undefined fields are not sent.
    ...{ info, initial_value, ref_id, payload, comment },
  }
}

/** Seconds; as long as somebody waits: nobody should decide what nobody waits for any more. */
const timeToDecide = ({ ttl, timeout = 600 }: ApproveOptions) => ttl ?? Math.max(10, timeout)

async function show(terminal: Terminal, { url, pin, match_number }: CreatedApproval): Promise<void> {
  if (terminal.watched) {
    const { toString: draw } = await import('qrcode')
    // In colours even under NO_COLOR: dark on light is what scanners read, whatever the terminal's own are.
    terminal.err(await draw(url, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }))
  }
  terminal.err(url)
  if (pin !== undefined) terminal.err(`PIN: ${pin}`)
  if (match_number !== undefined) terminal.err(`Number: ${match_number}`)
}

/** Prints what was decided. @throws {CommandFault} for every end but a yes */
function conclude(terminal: Terminal, approval: Approval, json: boolean): void {
  const outcome = outcomeOf(approval)
  const { decision, status } = approval
  if (json) terminal.out(JSON.stringify({ outcome, ...approval }))
  else if (decision) terminal.out(decision.value)
  if (outcome === 'approved') return
  const by = decision
    ? ` by ${visible(decision.decided_by.name)}${decision.comment ? `: ${visible(decision.comment)}` : '.'}`
    : ''
  if (outcome === 'rejected') throw new CommandFault(`Rejected${by}`, 3)
  throw new CommandFault(`It was not decided: ${status}.`, outcome === 'expired' ? 4 : 5)
}

/** One sentence for whatever came instead of an answer. */
function refused(error: unknown): never {
  if (!(error instanceof CountersignError)) throw error
  const named = error.requestId === undefined ? '' : ` (request ${error.requestId})`
  throw new CommandFault(`${error.message}${named}`)
}
