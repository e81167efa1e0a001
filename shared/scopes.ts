/**
 * Scope families of API keys (seed 1's families in `api.md`). Rights come from the key's row, never from its prefix.
 * Scopes of features that an instance does not have yet can be given and open nothing.
 */
export const scopes = [
  'values:read',
  'values:write',
  'approvals:read',
  'approvals:write',
  'accounts:read',
  'accounts:codes',
  'accounts:write',
  'accounts:export',
  'secrets:read',
  'secrets:write',
  'permissions:request',
  'agents:read',
  'agents:write',
  'users:read',
  'users:write',
  'audit:read',
  'settings:read',
  'settings:write',
  'keys:read',
  'keys:write',
  '*',
] as const

export type Scope = (typeof scopes)[number]

/** True when the granted scopes include the needed one; `*` (seed 1's Native API) includes every scope. */
export function holds(granted: readonly string[], needed: Scope): boolean {
  return granted.includes('*') || granted.includes(needed)
}

/** Scopes over the live project itself, which a test key never holds whatever its row says. */
export const liveOnly: readonly Scope[] = [
  'agents:read',
  'agents:write',
  'users:read',
  'users:write',
  'settings:read',
  'settings:write',
  'keys:read',
  'keys:write',
]

/** Whether a key is for the real thing or for trying; test keys see and make test objects only. */
export type KeyEnv = 'live' | 'test'

/** The seeds' kinds of key: what each may do, and how its text begins. */
export const presets = {
  write: {
    prefix: 'otw_',
    env: 'live',
    scopes: ['values:read', 'values:write', 'approvals:read', 'approvals:write', 'secrets:read', 'secrets:write'],
  },
  read: { prefix: 'otr_', env: 'live', scopes: ['values:read'] },
  'agent-live': { prefix: 'ak_live_', env: 'live', scopes: ['permissions:request'] },
  'agent-test': { prefix: 'ak_test_', env: 'test', scopes: ['permissions:request'] },
  admin: { prefix: 'sk_', env: 'live', scopes: ['*'] },
} as const satisfies Record<string, { prefix: string; env: KeyEnv; scopes: readonly Scope[] }>

export type Preset = keyof typeof presets

/** How texts of our own making begin; a custom key may not begin like one. */
export const reservedPrefixes = ['otw_', 'otr_', 'ak_live_', 'ak_test_', 'sk_', 'ot_test_'] as const

/** True of the scopes of seed 2's keys: they ask, and nothing else. */
export const onlyAsks = (scopes: readonly string[]): boolean =>
  scopes.length === 1 && scopes[0] === 'permissions:request'

/** How the text of a generated key begins: a hint for people, made from what the key may do. */
export function prefixFor(scopes: readonly Scope[], env: KeyEnv, ofAgent = false): string {
  if (ofAgent || onlyAsks(scopes)) return env === 'test' ? 'ak_test_' : 'ak_live_'
  if (env === 'test') return 'ot_test_'
  if (scopes.includes('*') || scopes.some((one) => liveOnly.includes(one))) return 'sk_'
  return scopes.every((one) => one.endsWith(':read')) ? 'otr_' : 'otw_'
}

/** Ways a key can arrive that its maker allows one by one; `header` and `basic` are on unless said otherwise. */
export const transports = ['header', 'basic', 'query', 'form', 'json'] as const

export type Transport = (typeof transports)[number]

/** Which bodies the access log keeps (seed 1). */
export const loggings = ['none', 'request', 'response', 'both'] as const

export type Logging = (typeof loggings)[number]
