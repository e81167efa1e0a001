/** Scope families of API keys (seed 1's families in `api.md`). Rights come from the key's row, never from its prefix. */
export const scopes = [
  'values:read',
  'values:write',
  'approvals:read',
  'approvals:write',
  'keys:read',
  'keys:write',
  '*',
] as const

export type Scope = (typeof scopes)[number]

/** True when the granted scopes include the needed one; `*` (seed 1's Native API) includes every scope. */
export function holds(granted: readonly string[], needed: Scope): boolean {
  return granted.includes('*') || granted.includes(needed)
}

/** Seed 0's two kinds of key and seed 3's admin key: what each may do, and how its text begins. */
export const presets = {
  write: {
    prefix: 'otw_',
    scopes: ['values:read', 'values:write', 'approvals:read', 'approvals:write'],
  },
  read: { prefix: 'otr_', scopes: ['values:read'] },
  admin: { prefix: 'sk_', scopes: ['*'] },
} as const satisfies Record<string, { prefix: string; scopes: readonly Scope[] }>

export type Preset = keyof typeof presets

/** Ways a key can arrive that its maker allows one by one; `header` and `basic` are on unless said otherwise. */
export const transports = ['header', 'basic', 'query', 'form', 'json'] as const

export type Transport = (typeof transports)[number]
