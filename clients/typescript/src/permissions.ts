import type { operations } from './api.ts'
import { TimeoutError } from './error.ts'
import { type GrantedPermission, grantedOf, isPending, type PermissionRequest } from './granted.ts'
import { answerOf, type Http, type MakingOptions, type Options, onceUnder } from './http.ts'
import { type Listing, listingOf } from './listing.ts'
import { type Look, untilAnswered, type WaitOptions } from './until.ts'

type Answered<Name extends 'permissions.use' | 'permissions.verify'> =
  operations[Name]['responses'][200]['content']['application/json']

export type PermissionWish = operations['permissions.request']['requestBody']['content']['application/json']
export type PermissionFilter = Omit<NonNullable<operations['permissions.list']['parameters']['query']>, 'cursor'>
export type VerifiedToken = Answered<'permissions.verify'>
export type UsedToken = Answered<'permissions.use'>

export type AskOptions = MakingOptions & {
  /** Told once, when a person is asked: e.g. shows `approval_url`, where they answer. What it throws ends the wait. */
  onPending?: ((asked: PermissionRequest) => unknown) | undefined
}

export type AskAndWaitOptions = AskOptions & {
  /** Milliseconds to wait for an answer; 60 000. */
  timeout?: number | undefined
}

/** Milliseconds to wait when nothing is said. */
const usually = 60_000

/** Asking for exactly one thing before it is done. */
export const permissionsOf = (http: Http) => {
  const { api, harmless } = http
  const read = async (id: string, { wait, ...how }: Partial<Look>) => {
    const params = { path: { id }, query: wait === undefined ? {} : { wait } }
    return answerOf(await api.GET('/permissions/{id}', { params, ...how }))
  }

  async function ask(wish: PermissionWish, { idempotencyKey, signal, onPending }: AskOptions) {
    const params = { header: onceUnder(idempotencyKey) }
    const asked = answerOf(await api.POST('/permissions/request', { params, body: wish, signal }))
    if (isPending(asked)) await onPending?.(asked)
    return asked
  }

  /** Waits until it is no longer pending, whatever the answer: only `approved` is a yes. Without `timeout` until it expires. */
  const waitFor = (id: string, options: WaitOptions = {}): Promise<PermissionRequest> =>
    untilAnswered(http, id, options, (how) => read(id, how))

  const answerTo = async (asked: PermissionRequest, { timeout = usually, signal }: WaitOptions) =>
    grantedOf(isPending(asked) ? await waitFor(asked.id, { timeout, signal }) : asked)

  /**
   * Counts one use. Act only after it answered, and only within `scope`. It is not repeated when the answer is lost: nobody
   * knows then whether it counted, so do not act.
   * @throws {TokenUsedError} @throws {PermissionExpiredError} @throws {TokenRevokedError} @throws {InvalidTokenError}
   */
  async function use(id: string, token: string, { signal }: Options = {}): Promise<UsedToken> {
    return answerOf(await api.POST('/permissions/{id}/use', { params: { path: { id } }, body: { token }, signal }))
  }

  /** Gives it back, or withdraws what nobody has answered. Does nothing to what is over. */
  async function revoke(
    id: string,
    { reason, signal }: Options & { reason?: string } = {},
  ): Promise<PermissionRequest> {
    const body = reason === undefined ? {} : { reason }
    const params = { path: { id } }
    return answerOf(await api.POST('/permissions/{id}/revoke', { params, body, signal, fetch: harmless }))
  }

  /** Asks, and answers with what came at once: `approved` with its token, or `pending`. @throws {PermissionDeniedError} */
  function request(
    wish: PermissionWish,
    options?: AskOptions & { waitForApproval?: false | undefined },
  ): Promise<PermissionRequest>
  /**
   * Asks, waits for an answer, and answers with the yes. After `timeout` the request is still there: `details.id` of the error
   * names it for `waitFor` or `revoke`.
   * @throws {PermissionDeniedError} @throws {PermissionExpiredError} @throws {TimeoutError}
   */
  function request(
    wish: PermissionWish,
    options: AskAndWaitOptions & { waitForApproval: true },
  ): Promise<GrantedPermission>
  async function request(wish: PermissionWish, options: AskAndWaitOptions & { waitForApproval?: boolean } = {}) {
    const asked = await ask(wish, options)
    return options.waitForApproval ? answerTo(asked, options) : asked
  }

  return {
    request,
    waitFor,
    use,
    revoke,

    /** Reads a request as it is now; `token` is there for the asking key until its first use. */
    get: (id: string, { signal }: Options = {}): Promise<PermissionRequest> =>
      read(id, signal === undefined ? {} : { signal }),

    /** Requests, newest first; an agent sees what it asked. */
    list: (filter: PermissionFilter = {}, { signal }: Options = {}): Listing<PermissionRequest> =>
      listingOf(async (cursor) =>
        answerOf(await api.GET('/permissions', { params: { query: { ...filter, cursor } }, signal })),
      ),

    /** Says whether a token would be taken now, and uses nothing. */
    async verify(id: string, token: string, { signal }: Options = {}): Promise<VerifiedToken> {
      const params = { path: { id } }
      return answerOf(await api.POST('/permissions/{id}/verify', { params, body: { token }, signal, fetch: harmless }))
    },

    /**
     * Asks, waits, uses the token once, and only then acts, with the scope that was allowed. When nobody answers in time, or
     * `signal` aborts, the request is withdrawn: nobody should decide what nobody waits for any more.
     */
    async withPermission<Result>(
      wish: PermissionWish,
      act: (granted: GrantedPermission) => Result | Promise<Result>,
      options: AskAndWaitOptions = {},
    ): Promise<Result> {
      const asked = await ask(wish, options)
      const granted = await answerTo(asked, options).catch(async (error: unknown) => {
        const nobodyWaits = error instanceof TimeoutError || options.signal?.aborted
        if (nobodyWaits) await revoke(asked.id, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
        throw error
      })
      const { scope, status, uses_remaining } = await use(granted.id, granted.token, { signal: options.signal })
      options.signal?.throwIfAborted()
      return act({ ...granted, scope, status, uses_remaining })
    },
  }
}
