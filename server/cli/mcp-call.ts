import {
  type Client,
  CountersignError,
  type NewApproval,
  type NewSecret,
  type PermissionWish,
} from '../../clients/typescript/src/index.ts'
import { type Call, CallFault, type Input, type OperationName, type Output } from '../mcp/call.ts'

type Way<Name extends OperationName> = (client: Client, input: Input<Name>, signal: AbortSignal) => Promise<unknown>

/** The client's answer, or what stands when the time is up: it waits on over dropped connections and restarted servers. */
async function waited<Thing>(waiting: Promise<Thing>, now: () => Promise<Thing>): Promise<Thing> {
  return waiting.catch((error: unknown) => {
    if (error instanceof CountersignError && error.code === 'TIMED_OUT') return now()
    throw error
  })
}

/** Each operation as the client has it. What goes in is the entry's input, which the document's types only name otherwise. */
const ways: { [Name in OperationName]: Way<Name> } = {
  'permissions.request': (client, input, signal) => client.permissions.request(input as PermissionWish, { signal }),
  'permissions.use': ({ permissions }, { id, token }, signal) => permissions.use(id, token, { signal }),
  'permissions.get': ({ permissions }, { id, wait }, signal) => {
    const now = () => permissions.get(id, { signal })
    return wait === undefined ? now() : waited(permissions.waitFor(id, { timeout: wait * 1000, signal }), now)
  },
  'approvals.create': (client, input, signal) => client.approvals.create(input as NewApproval, { signal }),
  'approvals.get': ({ approvals }, { approval_id: id, wait }, signal) => {
    const now = () => approvals.get(id, { signal })
    return wait === undefined ? now() : waited(approvals.waitFor(id, { timeout: wait * 1000, signal }), now)
  },
  'approvals.release': ({ approvals }, { approval_id }, signal) => approvals.release(approval_id, { signal }),
  'accounts.list': ({ accounts }, { q, limit }, signal) =>
    accounts.list({ ...(q === undefined ? {} : { q }), ...(limit === undefined ? {} : { limit }) }, { signal }).page(),
  'accounts.codes': async ({ accounts }, { ids }, signal) => ({
    items: await accounts.codes(ids.split(','), { signal }),
  }),
  'secrets.share': (client, input, signal) => client.secrets.share(input as NewSecret, { signal }),
  'values.get': async ({ values }, { key_path }, signal) => ({ value: await values.get(key_path, { signal }) }),
}

/** What the client threw, as the tools know it. */
export function faultOf(error: unknown): unknown {
  if (!(error instanceof CountersignError)) return error
  const { code, message, details, retryAfter } = error
  return new CallFault(code, message, { details, retryAfter, cause: error })
}

/** Calls operations over REST, as anybody's program does. */
export const callingBy =
  (client: Client): Call =>
  async <Name extends OperationName>(name: Name, input: Input<Name>, signal: AbortSignal) => {
    try {
      return (await ways[name](client, input, signal)) as Output<Name> // what the document says of the operation's reply
    } catch (error) {
      throw faultOf(error)
    }
  }
