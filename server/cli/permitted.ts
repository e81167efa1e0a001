import {
  type Client,
  CountersignError,
  PermissionDeniedError,
  type PermissionRequest,
  type PermissionWish,
  TimeoutError,
} from '../../clients/typescript/src/index.ts'
import { visible } from '../../shared/visible.ts'
import { showLink, withdrawn } from './asking.ts'
import { sameScope, strangeRequest } from './bound.ts'
import { clientOf, refused } from './client.ts'
import { type ProofOptions, proofFor, proven } from './proven.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { Interrupted, waiting } from './waiting.ts'

export type PermitOptions = ProofOptions & {
  action?: string
  resource?: string
  scope?: Record<string, unknown>
  context?: Record<string, unknown>
  info?: string
  /** Seconds, 30 to 3600. */
  timeout?: number
  uses?: number
  tokenEnv?: string
  scopeEnv?: string
  json?: boolean
}

/** Exit codes of answers that are no yes. */
const ends: Readonly<Record<string, number>> = {
  PERMISSION_DENIED: 3,
  TOKEN_EXPIRED: 4,
  TOKEN_USED: 5,
  TOKEN_REVOKED: 5,
  denied: 3,
  expired: 4,
  used: 5,
  revoked: 5,
}

/**
 * Asks an agent's permission, waits for it, and uses its token exactly once.
 * @returns what the program is told by its environment
 */
export async function permitted(terminal: Terminal, options: PermitOptions): Promise<Record<string, string>> {
  const { action = '', resource, scope = {}, tokenEnv, scopeEnv, uses = 1 } = options
  const context = { ...options.context, ...(options.info === undefined ? {} : { reason: options.info }) }
  const ttl = Math.max(30, options.timeout ?? 300)
  const wish = { action, ...(resource === undefined ? {} : { resource }), scope, context, ttl, uses }
  const client = clientOf(terminal)
  const proof = await proofFor(terminal, client, options)
  const asked = await client.permissions.request(wish).catch(said)
  const granted = await answered(terminal, client, wish, asked, options)
  const { token } = granted
  if (token === undefined) throw new CommandFault('There is no token with the answer. Nothing was run.')
  if (!sameScope(scope, granted.scope) && scopeEnv === undefined) {
    await withdrawn((signal) =>
      client.permissions.revoke(granted.id, { signal, reason: 'Allowed less than was asked.' }),
    )
    const less = `Less was allowed than was asked: ${JSON.stringify(granted.scope)}.`
    throw new CommandFault(`${less} Nothing was run; with --scope-env NAME the program is told.`, 3)
  }
  // Its use of the token is what counts once; the receipt stays for whomever the agent shows it to.
  const { id, action_hash: actionHash } = granted
  const { said: answer } = await proven(client, proof, { id, actionHash })
  if (answer.action !== 'approve' || !answer.scope || !sameScope(answer.scope, granted.scope))
    throw new CommandFault('The receipt is of another answer. Nothing was run.')
  // Not repeated: when the reply is lost nobody knows whether the use counted.
  const used = await client.permissions.use(granted.id, token).catch(said)
  if (!sameScope(used.scope, granted.scope)) throw new CommandFault('What is allowed has changed. Nothing was run.')
  return {
    ...(tokenEnv === undefined ? {} : { [tokenEnv]: token }),
    ...(scopeEnv === undefined ? {} : { [scopeEnv]: JSON.stringify(used.scope) }),
  }
}

/** The yes to what was asked, read once more before it is believed. */
async function answered(
  terminal: Terminal,
  client: Client,
  wish: PermissionWish,
  asked: PermissionRequest,
  options: PermitOptions,
): Promise<PermissionRequest> {
  const { id } = asked
  const mustBeOurs = (read: PermissionRequest) => {
    const strange = strangeRequest(wish, id, read)
    if (strange) throw new CommandFault(`${strange} Nothing was run.`)
  }
  mustBeOurs(asked)
  if (asked.approval_url) await showLink(terminal, asked.approval_url)
  const answer = asked.status === 'pending' ? await awaited(terminal, client, asked, options) : asked
  const again = await client.permissions.get(id).catch(said)
  if (options.json) terminal.err(JSON.stringify({ ...again, token: undefined }))
  for (const read of [answer, again]) {
    mustBeOurs(read)
    if (read.status !== 'approved') throw faultOf(read)
  }
  return again
}

async function awaited(
  terminal: Terminal,
  client: Client,
  { id, expires_at }: PermissionRequest,
  options: PermitOptions,
) {
  // Without a time of one's own the request says when it is over; a server that never comes back is given up then.
  const timeout = options.timeout === undefined ? Date.parse(expires_at) - Date.now() + 60_000 : options.timeout * 1000
  const waited = waiting(terminal, expires_at, (signal) => client.permissions.waitFor(id, { timeout, signal }))
  return waited.catch(async (error: unknown) => {
    const late = error instanceof TimeoutError
    if (!late && !(error instanceof Interrupted)) return said(error)
    const gone = await withdrawn((signal) => client.permissions.revoke(id, { signal }))
    const rest = gone ? 'The request is withdrawn.' : `It can be answered until ${expires_at}.`
    throw new CommandFault(`${error.message} ${rest}`, late ? 4 : error.exitCode)
  })
}

function faultOf({ status, reason, decided_by }: PermissionRequest): CommandFault {
  const why = reason ? `: ${visible(reason)}` : '.'
  if (status === 'denied') return new CommandFault(`Denied by ${visible(decided_by?.name ?? 'nobody')}${why}`, 3)
  return new CommandFault(`It is not allowed: ${status}.`, ends[status] ?? 1)
}

/** A no of the API, with the exit code that it stands for. */
function said(error: unknown): never {
  if (error instanceof PermissionDeniedError) throw new CommandFault(visible(error.message), 3)
  return refused(error, error instanceof CountersignError ? ends[error.code] : 1)
}
