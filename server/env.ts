import { join, resolve } from 'node:path'
import { inspect } from 'node:util'
import { z } from 'zod'
import { type RateOverrides, ratesOf, rateVariables } from './lib/rate-settings.ts'
import {
  bearer,
  databaseUrl,
  host,
  mailbox,
  networks,
  onOff,
  origin,
  port,
  receivers,
  seconds,
  secretKey,
  secretKeys,
  smtpUrl,
} from './lib/settings.ts'
import { ConfigFault, type Source, textOf } from './lib/source.ts'
import { type TraceSettings, tracesOf, traceVariables } from './lib/trace-settings.ts'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Every variable there is. The table in README.md is made from this. */
export const variables = z.object({
  HOST: host.prefault('127.0.0.1').meta({
    description: 'Address to listen on. `0.0.0.0` or `::` for every address, as in a container.',
  }),
  PORT: port.prefault('3000').meta({ description: 'Port to listen on.' }),
  PUBLIC_URL: origin.optional().meta({
    description: 'Origin that people open, as `https://sign.example.com`. Links begin with it.',
    otherwise: '`http://localhost:PORT`',
  }),
  DATA_DIR: z.string().prefault('./data').meta({
    description: 'Directory of the embedded database and the master key. Relative to the working directory.',
  }),
  DATABASE_URL: databaseUrl.optional().meta({
    description: 'PostgreSQL to use, `postgres://user:password@host/database`.',
    otherwise: 'an embedded PostgreSQL below `DATA_DIR`',
  }),
  MASTER_KEY: secretKey.optional().meta({
    description:
      'At least 32 random bytes as hex or base64 (`openssl rand -hex 32`). Everything sealed is sealed by it.',
    otherwise: '`DATA_DIR/master.key`, made at the first start',
  }),
  PREVIOUS_MASTER_KEYS: secretKeys.optional().meta({
    description: 'Master keys from before, split by commas, until `countersign rotate-master-key` has finished.',
    otherwise: 'none',
  }),
  KEYRING_DIR: z.string().min(1, 'must not be empty.').optional().meta({
    description:
      'Directory of the keys of one-time secrets, shared by all nodes. Keep it out of backups: what is destroyed there must stay destroyed.',
    otherwise: '`DATA_DIR/keyring`',
  }),
  TRUSTED_PROXIES: networks.optional().meta({
    description: 'IP addresses and CIDR networks of your proxies; only their `X-Forwarded-For` counts.',
    otherwise: 'none',
  }),
  OUTBOUND_ALLOW: receivers.optional().meta({
    description:
      'Hosts, IP addresses and CIDR networks inside that webhooks and channels may be sent to, also over http where the URL names that host or address. All else must be https and public.',
    otherwise: 'none',
  }),
  SIGN_UP: z
    .enum(['invite', 'open'], 'must be invite or open.')
    .prefault('invite')
    .meta({ description: '`invite`: new accounts need an invitation. `open`: anybody may make one with GitHub.' }),
  GITHUB_CLIENT_ID: bearer.optional().meta({
    description: 'Of a GitHub OAuth app whose callback is `PUBLIC_URL/auth/callback/github`.',
    otherwise: 'no sign-in with GitHub',
  }),
  GITHUB_CLIENT_SECRET: bearer.optional().meta({ description: 'Its client secret.', otherwise: 'as above' }),
  GITHUB_BASE_URL: origin.optional().meta({
    description: 'Origin of a GitHub Enterprise Server.',
    otherwise: '`https://github.com`',
  }),
  SMTP_URL: smtpUrl.optional().meta({
    description: 'Mail server, `smtp://user:password@host:587` or `smtps://…`.',
    otherwise: 'no mail is sent; links are shown to be copied',
  }),
  MAIL_FROM: mailbox.optional().meta({
    description: 'Sender of mails, `Countersign <sign@example.com>`.',
    otherwise: '`Countersign <countersign@` and the host of `PUBLIC_URL`',
  }),
  ...rateVariables,
  DEMO: onOff.optional().meta({
    description: '`on` or `off`: the demo on the start page, where anybody may try an approval link.',
    otherwise: 'on until the first project is made',
  }),
  LOG_LEVEL: z
    .enum(levels, `must be one of ${levels.join(', ')}.`)
    .prefault('info')
    .meta({ description: `Least level that is logged: ${levels.join(', ')}.` }),
  DRAIN_SECONDS: seconds.prefault('0').meta({
    description:
      'How long a server that was told to stop serves on while `/readyz` says 503, so that a load balancer notices. 3 behind one.',
  }),
  METRICS_TOKEN: bearer.optional().meta({
    description: 'Bearer token that `/metrics` asks for.',
    otherwise: '`/metrics` answers direct loopback clients only',
  }),
  ...traceVariables,
})

/** What this process runs with; frozen. Logging or inspecting it never shows a secret. */
export type Config = Readonly<{
  host: string
  port: number
  /** Origin, no slash at the end. */
  publicUrl: string
  /** Absolute path. */
  dataDir: string
  databaseUrl: string | undefined
  /** At least 32 bytes. */
  masterKey: Uint8Array | undefined
  previousMasterKeys: readonly Uint8Array[]
  /** Absolute path. */
  keyringDir: string
  trustedProxies: readonly string[]
  /** Receivers inside that may be sent to. */
  outboundAllow: Readonly<{ networks: readonly string[]; hosts: readonly string[] }>
  signUp: 'invite' | 'open'
  /** Undefined: no sign-in with GitHub. */
  github: Readonly<{ clientId: string; clientSecret: string; baseUrl: string }> | undefined
  smtpUrl: string | undefined
  mailFrom: string
  rateLimits: Readonly<RateOverrides>
  /** Undefined: until the first project is made. */
  demo: boolean | undefined
  logLevel: (typeof levels)[number]
  /** How long to serve on after the first sign of shutdown. */
  drainSeconds: number
  metricsToken: string | undefined
  /** Undefined: no traces. */
  traces: TraceSettings | undefined
}>

const hide = {
  toJSON(this: Config) {
    const given = (secret: unknown) => (secret === undefined ? undefined : '[secret]')
    const { databaseUrl, masterKey, previousMasterKeys, metricsToken, smtpUrl, github, traces } = this
    return {
      ...this,
      databaseUrl: given(databaseUrl),
      masterKey: given(masterKey),
      previousMasterKeys: previousMasterKeys.map(given),
      metricsToken: given(metricsToken),
      smtpUrl: given(smtpUrl),
      github: github && { ...github, clientSecret: given(github.clientSecret) },
      traces: traces && { ...traces, endpoint: given(traces.endpoint), headers: given(traces.headers) },
    }
  },
  [inspect.custom](this: Config) {
    return hide.toJSON.call(this)
  },
}

/** The same settings with one more master key from before. */
export const withPreviousKey = (config: Config, key: Uint8Array): Config =>
  Object.freeze(Object.assign(Object.create(hide), config, { previousMasterKeys: [...config.previousMasterKeys, key] }))

/** Reads the whole environment. @throws {ConfigFault} that names every fault at once. */
export function readEnv(source: Source, readFile: (path: string) => string): Config {
  const faults: string[] = []
  const texts = Object.keys(variables.shape).map((name) => [name, textOf(name, source, readFile, faults)] as const)
  const read = variables.safeParse(Object.fromEntries(texts))
  if (!read.success)
    faults.push(...new Set(read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)))
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret } = read.data ?? {}
  if ((clientId === undefined) !== (clientSecret === undefined))
    faults.push('GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET go together; set both or neither.')
  if (!read.success || faults.length > 0) throw new ConfigFault(...faults)
  const env = read.data
  const publicUrl = env.PUBLIC_URL ?? new URL(`http://localhost:${env.PORT}`).origin
  const config: Config = {
    host: env.HOST,
    port: env.PORT,
    publicUrl,
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    masterKey: env.MASTER_KEY,
    previousMasterKeys: env.PREVIOUS_MASTER_KEYS ?? [],
    keyringDir: resolve(env.KEYRING_DIR ?? join(env.DATA_DIR, 'keyring')),
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    outboundAllow: env.OUTBOUND_ALLOW ?? { networks: [], hosts: [] },
    signUp: env.SIGN_UP,
    github:
      clientId === undefined || clientSecret === undefined
        ? undefined
        : { clientId, clientSecret, baseUrl: env.GITHUB_BASE_URL ?? 'https://github.com' },
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM ?? `Countersign <countersign@${new URL(publicUrl).hostname}>`,
    rateLimits: ratesOf(env),
    demo: env.DEMO,
    logLevel: env.LOG_LEVEL,
    drainSeconds: env.DRAIN_SECONDS,
    metricsToken: env.METRICS_TOKEN,
    traces: tracesOf(env),
  }
  return Object.freeze(Object.assign(Object.create(hide), config))
}
