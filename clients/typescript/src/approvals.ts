import type { components, operations } from './api.ts'
import { answerOf, type Http, type MakingOptions, type Options, onceUnder } from './http.ts'
import { type Listing, listingOf } from './listing.ts'
import { type Look, untilAnswered, type WaitOptions } from './until.ts'

export type NewApproval = operations['approvals.create']['requestBody']['content']['application/json']
export type CreatedApproval = components['schemas']['CreatedApproval']
export type ConsumedReceipt = operations['approvals.consume']['responses'][200]['content']['application/json']
export type Approval = components['schemas']['Approval']
export type ApprovalFilter = Omit<NonNullable<operations['approvals.list']['parameters']['query']>, 'cursor'>

export type Released = operations['approvals.release']['responses'][200]['content']['application/json']

/** Single-use links by which a person answers a program. */
export const approvalsOf = (http: Http) => {
  const { api, harmless } = http
  const read = async (approval_id: string, { wait, ...how }: Partial<Look>) => {
    const params = { path: { approval_id }, query: wait === undefined ? {} : { wait } }
    return answerOf(await api.GET('/approvals/{approval_id}', { params, ...how }))
  }
  return {
    /**
     * Asks. Give `url` of the answer to whoever decides: it is shown here only. Repeated by itself when the answer is lost,
     * under one Idempotency-Key, so there is one approval whatever happens.
     */
    async create(wish: NewApproval, { idempotencyKey, signal }: MakingOptions = {}): Promise<CreatedApproval> {
      const params = { header: onceUnder(idempotencyKey) }
      return answerOf(await api.POST('/approvals', { params, body: wish, signal }))
    },

    /** Reads an approval as it is now. */
    get: (approvalId: string, { signal }: Options = {}): Promise<Approval> =>
      read(approvalId, signal === undefined ? {} : { signal }),

    /** Approvals, newest first: `for await (const approval of client.approvals.list({ status: 'pending' }))`. */
    list: (filter: ApprovalFilter = {}, { signal }: Options = {}): Listing<Approval> =>
      listingOf(async (cursor) =>
        answerOf(await api.GET('/approvals', { params: { query: { ...filter, cursor } }, signal })),
      ),

    /**
     * Waits until it is no longer `pending`, over dropped connections and restarted servers. Without `timeout` (ms) the wait
     * ends when the approval does. What was decided is what `outcomeOf` says of the answer.
     * @throws {TimeoutError} @throws the signal's reason when it is aborted
     */
    waitFor: (approvalId: string, options: WaitOptions = {}): Promise<Approval> =>
      untilAnswered(http, approvalId, options, (how) => read(approvalId, how)),

    /**
     * Reads what a yes let out, which only the key that asked can: a secret or a value once, codes of an account one for each time
     * step. A lost answer comes again: for a minute, under one Idempotency-Key. With `actionHash`, as its creation answered it,
     * nothing is read but what was asked.
     * @throws {CountersignError} APPROVAL_PENDING, RELEASE_DENIED, RELEASE_USED, RELEASE_EXPIRED, STEP_USED, NOT_THE_ASKER
     */
    async release(
      approvalId: string,
      { actionHash, idempotencyKey, signal }: MakingOptions & { actionHash?: string } = {},
    ): Promise<Released> {
      const query = actionHash === undefined ? {} : { action_hash: actionHash }
      const params = { path: { approval_id: approvalId }, query }
      return answerOf(
        await api.GET('/approvals/{approval_id}/release', { params, headers: onceUnder(idempotencyKey), signal }),
      )
    },

    /** Withdraws it, so that nobody can decide it any more. */
    async invalidate(approvalId: string, { signal }: Options = {}): Promise<void> {
      const params = { path: { approval_id: approvalId } }
      answerOf(await api.POST('/approvals/{approval_id}/invalidate', { params, signal, fetch: harmless }))
    },

    /** The signed receipt of a decision, also of a permission request. It is believed once `verifyReceipt` has proven it. */
    async receipt(approvalId: string, { signal }: Options = {}): Promise<string> {
      const params = { path: { approval_id: approvalId } }
      return answerOf(await api.GET('/approvals/{approval_id}/receipt', { params, signal })).receipt
    },

    /**
     * Uses a receipt: of all who try, one is told yes, and everybody else `RECEIPT_USED`. It is not repeated when the answer is
     * lost: nobody knows then whether it counted, so do not act.
     */
    async consumeReceipt(approvalId: string, receipt: string, { signal }: Options = {}): Promise<ConsumedReceipt> {
      const params = { path: { approval_id: approvalId } }
      return answerOf(await api.POST('/approvals/{approval_id}/receipt/consume', { params, body: { receipt }, signal }))
    },
  }
}
