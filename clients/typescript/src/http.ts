import type createClient from 'openapi-fetch'
import type { paths } from './api.ts'
import { errorOf } from './fault.ts'
import type { Fetch } from './patient.ts'

/** What the parts of a client share. */
export type Http = {
  api: ReturnType<typeof createClient<paths>>
  /** Repeats whatever it is given as often as a read: for requests that do the same however often they come. */
  harmless: Fetch
  /** Repeats until its signal says stop. */
  tireless: Fetch
}

export type Options = { signal?: AbortSignal | undefined }

/** Of what is made: bring a key of your own to be safe across restarts of your program, too. At most 255 characters. */
export type MakingOptions = Options & { idempotencyKey?: string | undefined }

const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** One key for a creation and all its repetitions. */
export const onceUnder = (key = randomKey()) => ({ 'Idempotency-Key': key })

type Came<Data> = { data?: Data; error?: unknown; response: Response }

/** What was asked for. @throws {CountersignError} for every reply that is a no */
export function answerOf<Data>({ data, error, response }: Came<Data>): Data {
  if (!response.ok) throw errorOf(response, error)
  return data as Data // the document's type of a reply that is no error
}
