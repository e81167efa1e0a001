import type { components, operations } from './api.ts'
import { deadline } from './deadline.ts'
import { CountersignError } from './error.ts'
import { answerOf, type Http, type Options } from './http.ts'
import { sleep } from './patient.ts'

export type NewApproval = operations['approvals.create']['requestBody']['content']['application/json']
export type CreatedApproval = components['schemas']['CreatedApproval']
export type Approval = components['schemas']['Approval']

/** Seconds that one request waits at the server; a little less than it allows (55). */
const atOnce = 50

/** A reply to a waiting request that came sooner than this (ms) with nothing new: the server is about to stop. */
const tooSoon = 500

const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Single-use links by which a person answers a program. */
export const approvalsOf = ({ api, tireless }: Http) => {
  const read = async (
    approval_id: string,
    more: { wait?: number; signal?: AbortSignal | undefined; fetch?: Http['tireless'] },
  ) => {
    const { wait, ...options } = more
    const params = { path: { approval_id }, query: wait === undefined ? {} : { wait } }
    return answerOf(await api.GET('/approvals/{approval_id}', { params, ...options }))
  }
  return {
    /**
     * Asks. Give `url` of the answer to whoever decides: it is shown here only. Repeated by itself when the answer is lost,
     * under one Idempotency-Key, so there is one approval whatever happens; bring your own to be safe across restarts.
     */
    async create(wish: NewApproval, options: Options & { idempotencyKey?: string } = {}): Promise<CreatedApproval> {
      const { idempotencyKey = randomKey(), signal } = options
      const params = { header: { 'Idempotency-Key': idempotencyKey } }
      return answerOf(await api.POST('/approvals', { params, body: wish, signal }))
    },

    /** Reads an approval as it is now. */
    get: (approvalId: string, { signal }: Options = {}): Promise<Approval> => read(approvalId, { signal }),

    /**
     * Waits until it is no longer `pending`, over dropped connections and restarted servers. `timeout` is in ms (at most 24
     * days); without it the wait ends when the approval does. What was decided is what `outcomeOf` says of the answer.
     * @throws {CountersignError} TIMED_OUT @throws the signal's reason when it is aborted
     */
    async waitFor(approvalId: string, options: Options & { timeout?: number } = {}): Promise<Approval> {
      const end = deadline(options.timeout, options.signal)
      try {
        for (;;) {
          const began = Date.now()
          const wait = Math.min(atOnce, Math.max(1, Math.ceil(end.left() / 1000)))
          const found = await read(approvalId, { wait, signal: end.signal, fetch: tireless })
          if (found.status !== 'pending') return found
          if (Date.now() - began < tooSoon) await sleep(tooSoon * (1 + Math.random()), end.signal)
        }
      } catch (error) {
        if (!end.isOver()) throw error
        throw new CountersignError({ code: 'TIMED_OUT', message: 'Nobody decided in time.', cause: error })
      } finally {
        end.stop()
      }
    },
  }
}
