import {
  type KeyEnv,
  type Logging,
  loggings,
  type Preset,
  presets,
  reservedPrefixes,
  type Scope,
  scopes,
  type Transport,
  transports,
} from '../../../shared/scopes.ts'
import type { Key } from './alerts.tsx'

/** A key as its form holds it; lists are typed one per line. */
export type KeyForm = {
  name: string
  description: string
  scopes: readonly Scope[]
  env: KeyEnv
  paths: string
  /** Which TOTP accounts are its own: any, those with one of `accountTags`, or none but what it is granted. */
  accounts: 'any' | 'tags' | 'granted'
  accountTags: readonly string[]
  allowlist: string
  /** ISO; empty: never. */
  expires: string
  transports: readonly Transport[]
  logging: Logging
  /** Hours that bodies are kept. */
  hours: number
  /** A text of one's own; empty: one is made. */
  own: string
  lockout: boolean
}

export const newKeyForm: KeyForm = {
  name: '',
  description: '',
  scopes: presets.write.scopes,
  env: 'live',
  paths: '',
  accounts: 'any',
  accountTags: [],
  allowlist: '',
  expires: '',
  transports: ['header', 'basic'],
  logging: 'none',
  hours: 24,
  own: '',
  lockout: false,
}

const known = <Word extends string>(words: readonly Word[], given: readonly string[]): Word[] =>
  words.filter((word) => given.includes(word))

/** The form of a key that is there. */
export const formOf = (key: Key): KeyForm => ({
  ...newKeyForm,
  name: key.name,
  description: key.description,
  scopes: known(scopes, key.scopes),
  env: key.env,
  paths: key.key_paths?.join('\n') ?? '',
  accounts: key.account_tags === null ? 'any' : key.account_tags.length > 0 ? 'tags' : 'granted',
  accountTags: key.account_tags ?? [],
  allowlist: key.ip_allowlist?.join('\n') ?? '',
  expires: key.expires_at ?? '',
  transports: known(transports, key.transports),
  logging: known(loggings, [key.logging])[0] ?? 'none',
})

const lines = (text: string): string[] | null => {
  const found = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return found.length > 0 ? found : null
}

/** What is sent, for a new key and for a change. `now`: the server's time in ms. */
export const inputOf = (form: KeyForm, now: number) => ({
  name: form.name.trim(),
  description: form.description,
  scopes: [...form.scopes],
  key_paths: lines(form.paths),
  account_tags: form.accounts === 'any' ? null : form.accounts === 'tags' ? [...form.accountTags] : [],
  ip_allowlist: lines(form.allowlist),
  expires_at: form.expires === '' ? null : form.expires,
  transports: [...form.transports],
  logging: form.logging,
  ...(form.logging === 'none' ? {} : { logging_until: new Date(now + form.hours * 3_600_000).toISOString() }),
  ...(form.lockout ? { allow_lockout: true } : {}),
})

/** The seeds' kinds of key, as one chooses them. */
export const kinds = {
  write: 'Ask and write: approvals, values, secrets',
  read: 'Read values only',
  'agent-live': 'AI agent: ask for permissions only',
  admin: 'Everything (Native API)',
} as const satisfies Partial<Record<Preset, string>>

export type Kind = keyof typeof kinds | 'own'

/** Which kind the chosen scopes are. */
export function kindOf(chosen: readonly Scope[]): Kind {
  const same = (preset: readonly Scope[]) =>
    preset.length === chosen.length && preset.every((one) => chosen.includes(one))
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) if (same(presets[kind].scopes)) return kind
  return 'own'
}

/** What a text of one's own has to be; the server holds to the same. */
export const strengthOf = (text: string): readonly { words: string; met: boolean }[] => [
  { words: '24 to 200 characters', met: text.length >= 24 && text.length <= 200 },
  { words: 'at least 10 different ones', met: new Set(text).size >= 10 },
  {
    words: 'no beginning that is reserved, as otw_ or sk_',
    met: !reservedPrefixes.some((one) => text.startsWith(one)),
  },
]
