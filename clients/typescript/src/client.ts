import createClient from 'openapi-fetch'
import { accountsOf } from './accounts.ts'
import { agentsOf } from './agents.ts'
import type { paths } from './api.ts'
import { approvalsOf } from './approvals.ts'
import { AuthenticationError } from './error.ts'
import type { Http, Options } from './http.ts'
import { type Fetch, patient } from './patient.ts'
import { permissionsOf } from './permissions.ts'
import { jwksAt } from './published.ts'
import type { Jwks } from './receipt.ts'
import { secretsOf } from './secrets.ts'
import { valuesOf } from './values.ts'

export type ClientOptions = {
  /** An API key. It is sent as Bearer, to `baseUrl` only. */
  apiKey: string
  /**
   * Where the instance is, as `https://sign.example.com`. Without it: the environment variable `COUNTERSIGN_URL` where there
   * is a process, else `http://localhost:3000`.
   */
  baseUrl?: string | undefined
  /** How often a request that may be repeated is repeated; 2. */
  maxRetries?: number
  /** Milliseconds for one attempt, beside what it asks the server to wait; 30 000. */
  timeout?: number
  /** Instead of the runtime's own, e.g. for a proxy. */
  fetch?: Fetch
}

type Runtime = { process?: { env?: Record<string, string | undefined> } }

function usualUrl(): string {
  const { process } = globalThis as Runtime // a browser has none, and its types no word of it
  return process?.env?.COUNTERSIGN_URL || 'http://localhost:3000'
}

/** The key as a header carries it. Refused here, because runtimes put what a header may not carry into their errors. */
function headerOf(apiKey: string | undefined): string {
  const key = apiKey?.trim() ?? ''
  if (/^[\x21-\x7e]+$/.test(key)) return `Bearer ${key}`
  const message = key === '' ? 'Give an API key: new Client({ apiKey }).' : 'The API key is malformed.'
  throw new AuthenticationError({ code: key === '' ? 'MISSING_API_KEY' : 'INVALID_API_KEY', message })
}

/** A program's way to one instance of Countersign. @throws {AuthenticationError} when there is no key to send */
export class Client {
  readonly approvals: ReturnType<typeof approvalsOf>
  readonly values: ReturnType<typeof valuesOf>
  readonly secrets: ReturnType<typeof secretsOf>
  readonly accounts: ReturnType<typeof accountsOf>
  readonly permissions: ReturnType<typeof permissionsOf>
  readonly agents: ReturnType<typeof agentsOf>
  /** The public keys that this instance's receipts are checked with. Keep them: keys from who brings a receipt prove nothing. */
  readonly jwks: (options?: Options) => Promise<Jwks>

  constructor(options: ClientOptions) {
    const { apiKey, baseUrl = usualUrl(), maxRetries = 2, timeout = 30_000, fetch = globalThis.fetch } = options
    const patience = { fetch: (request: Request) => fetch(request), timeout }
    const at = baseUrl.replace(/\/+$/, '')
    const http: Http = {
      api: createClient<paths>({
        baseUrl: `${at}/v1`,
        headers: { authorization: headerOf(apiKey) },
        fetch: patient({ ...patience, retries: maxRetries }),
      }),
      harmless: patient({ ...patience, retries: maxRetries, harmless: true }),
      tireless: patient({ ...patience, retries: Number.POSITIVE_INFINITY }),
    }
    this.approvals = approvalsOf(http)
    this.values = valuesOf(http)
    this.secrets = secretsOf(http)
    this.accounts = accountsOf(http)
    this.permissions = permissionsOf(http)
    this.agents = agentsOf(http)
    this.jwks = (options) => jwksAt(at, http.harmless, options)
  }
}
