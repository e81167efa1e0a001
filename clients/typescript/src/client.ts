import createClient from 'openapi-fetch'
import type { paths } from './api.ts'
import { approvalsOf } from './approvals.ts'
import { type Fetch, patient } from './patient.ts'
import { valuesOf } from './values.ts'

export type ClientOptions = {
  /** An API key. It is sent as Bearer, to `baseUrl` only. */
  apiKey: string
  /** Where the instance is, as `https://sign.example.com`. */
  baseUrl: string
  /** How often a request that may be repeated is repeated; 2. */
  maxRetries?: number
  /** Milliseconds for one attempt; 30 000. */
  timeout?: number
  /** Instead of the runtime's own, e.g. for a proxy. */
  fetch?: Fetch
}

/** A program's way to one instance of Countersign. */
export class Client {
  readonly approvals: ReturnType<typeof approvalsOf>
  readonly values: ReturnType<typeof valuesOf>

  constructor({ apiKey, baseUrl, maxRetries = 2, timeout = 30_000, fetch = globalThis.fetch }: ClientOptions) {
    const patience = { fetch: (request: Request) => fetch(request), timeout }
    const http = {
      api: createClient<paths>({
        baseUrl: `${baseUrl.replace(/\/+$/, '')}/v1`,
        headers: { authorization: `Bearer ${apiKey}` },
        fetch: patient({ ...patience, retries: maxRetries }),
      }),
      tireless: patient({ ...patience, retries: Number.POSITIVE_INFINITY }),
    }
    this.approvals = approvalsOf(http)
    this.values = valuesOf(http)
  }
}
