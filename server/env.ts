import { join, resolve } from 'node:path'
import { inspect } from 'node:util'
import { z } from 'zod'
import { type LimitClass, limits } from '../shared/limits.ts'
import { StartFault } from './lib/fault.ts'
import {
  bearer,
  count,
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
import { type TraceSettings, tracesOf, traceVariables } from './lib/trace-settings.ts'

/** What replaces the numbers of rate classes (`RATE_LIMITS`); races and the bench raise them. */
export type RateOverrides = Partial<Record<LimitClass, { max: number; seconds: number }>>

const classes = Object.keys(limits) as LimitClass[] // the keys of a literal object are exactly its type's keys

const rateFault = `must be class=max/seconds split by commas; the classes are ${classes.join(', ')}, and * for all of them.`
const rateLimits = z.string().transform((value, ctx): RateOverrides => {
  const overrides: RateOverrides = {}
  for (const entry of value.split(',')) {
    const [, name = '', max, seconds] = /^\s*([a-z* ]+?)\s*=\s*([1-9]\d{0,8})\/([1-9]\d{0,4})\s*$/.exec(entry) ?? []
    const named = name === '*' ? classes : classes.filter((known) => known === name)
    if (named.length === 0) ctx.addIssue({ code: 'custom', message: rateFault })
    for (const known of named) overrides[known] = { max: Number(max), seconds: Number(seconds) }
  }
  return overrides
})

/** What `RATE_LIMITS` says, and above it seed 2's own two variables. */
const ratesOf = (env: z.output<typeof variables>): RateOverrides => ({
  ...env.RATE_LIMITS,
  ...(env.RATE_LIMIT_PER_MIN === undefined ? {} : { 'agent minute': { max: env.RATE_LIMIT_PER_MIN, seconds: 60 } }),
  ...(env.RATE_LIMIT_PER_HOUR === undefined ? {} : { 'agent hour': { max: env.RATE_LIMIT_PER_HOUR, seconds: 3600 } }),
})

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
  RATE_LIMIT_PER_MIN: count.optional().meta({
    description: 'Requests that an agent may make in a minute, with all its live keys together.',
    otherwise: String(limits['agent minute'].max),
  }),
  RATE_LIMIT_PER_HOUR: count.optional().meta({
    description: 'The same in an hour.',
    otherwise: String(limits['agent hour'].max),
  }),
  RATE_LIMITS: rateLimits.optional().meta({
    description: `Replaces rate limits: \`class=max/seconds,…\`, \`*\` for all. Classes: ${classes.join(', ')}.`,
    otherwise: 'the documented limits',
  }),
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

/** The environment cannot be used; one sentence per fault, none with a value in it. */
export class ConfigFault extends StartFault {}

type Source = Readonly<Record<string, string | undefined>>

/** One variable's text, from `NAME` or the file that `NAME_FILE` names (as secrets are mounted). */
function textOf(name: string, source: Source, readFile: (path: string) => string, faults: string[]) {
  const [given, path] = [source[name], source[`${name}_FILE`]]
  if (given !== undefined && path !== undefined)
    return void faults.push(`${name} and ${name}_FILE are both set; keep one.`)
  if (given === '') return void faults.push(`${name} is set but empty; give it a value or unset it.`)
  if (path === undefined) return given
  try {
    const text = readFile(path).replace(/\r?\n$/, '')
    return text === '' ? void faults.push(`${name}_FILE names an empty file.`) : text
  } catch {
    return void faults.push(`${name}_FILE names a file that cannot be read.`)
  }
}

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

/** What a program that asks has, beside any server's settings: COUNTERSIGN_URL and COUNTERSIGN_API_KEY, or their `_FILE`s. */
export type Caller = Readonly<{
  /** Origin, no slash at the end. */
  url: string
  apiKey: string
}>

/** Where to ask, and with which key. @throws {ConfigFault} that names every fault at once. */
export function readCaller(source: Source, readFile: (path: string) => string): Caller {
  const faults: string[] = []
  const needed = (name: string) => {
    const before = faults.length
    const given = textOf(name, source, readFile, faults)
    if (given === undefined && faults.length === before) faults.push(`${name} is not set.`)
    return given
  }
  const [url, apiKey] = [needed('COUNTERSIGN_URL'), needed('COUNTERSIGN_API_KEY')]
  const at = url === undefined ? undefined : origin.safeParse(url)
  if (at?.error) faults.push(...at.error.issues.map(({ message }) => `COUNTERSIGN_URL ${message}`))
  // What no header takes would be quoted by the error that the runtime makes of it.
  if (apiKey !== undefined && !/^[!-~]+$/.test(apiKey)) faults.push('COUNTERSIGN_API_KEY is not an API key.')
  if (at?.data === undefined || apiKey === undefined || faults.length > 0) throw new ConfigFault(...faults)
  return { url: at.data, apiKey }
}

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
