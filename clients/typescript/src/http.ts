import type createClient from 'openapi-fetch'
import type { paths } from './api.ts'
import { errorOf } from './error.ts'
import type { Fetch } from './patient.ts'

/** What the parts of a client share. */
export type Http = {
  api: ReturnType<typeof createClient<paths>>
  /** Repeats until its signal says stop. */
  tireless: Fetch
}

export type Options = { signal?: AbortSignal | undefined }

type Came<Data> = { data?: Data; error?: unknown; response: Response }

/** What was asked for. @throws {CountersignError} for every reply that is a no */
export function answerOf<Data>({ data, error, response }: Came<Data>): Data {
  if (!response.ok) throw errorOf(response, error)
  return data as Data // the document's type of a reply that is no error
}
