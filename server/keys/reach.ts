import { type Column, sql as condition, eq, or, type SQL } from 'drizzle-orm'
import { refuse } from '../../shared/errors.ts'
import { atLeast, roleOf } from '../../shared/roles.ts'
import { holds, type KeyEnv, type Scope } from '../../shared/scopes.ts'
import type { KeyActor, PersonActor } from '../context.ts'
import { liesWithin } from '../lib/network.ts'

/** Refuses a key path outside the key's prefixes; a prefix ends at a segment: `deploy` covers `deploy/prod`, not `deployer`. */
export function mayTouch(actor: Pick<KeyActor, 'keyPaths'>, keyPath: string): void {
  if (!reaches(actor.keyPaths, keyPath)) refuse('KEY_PATH_NOT_ALLOWED')
}

/** Whether `keyPath` is one of the prefixes or lies below one; null reaches everything. */
export const reaches = (prefixes: readonly string[] | null, keyPath: string): boolean =>
  prefixes === null || prefixes.some((prefix) => keyPath === prefix || keyPath.startsWith(`${prefix}/`))

const nothing = condition`false`

/** The same rule as a condition over a column, for lists. */
export const pathsWithin = (column: Column, prefixes: readonly string[] | null): SQL | undefined =>
  prefixes === null
    ? undefined
    : or(
        nothing,
        ...prefixes.map((prefix) => or(eq(column, prefix), condition`starts_with(${column}, ${`${prefix}/`})`)),
      )

/** What a key may do, as far as its maker must hold it too. */
export type Powers = {
  scopes: readonly Scope[]
  env: KeyEnv
  keyPaths: readonly string[] | null
  accountTags: readonly string[] | null
  ipAllowlist: readonly string[] | null
  expiresAt: Date | null
}

/** What of `wish` a key lacks itself, as a sentence. A key with more than one has would be a way round every limit. */
function faultForKey(actor: KeyActor, wish: Powers): string | undefined {
  const beyond = wish.scopes.find((scope) => !holds(actor.scopes, scope))
  if (beyond) return `An API key gives no scope that it lacks: ${beyond}.`
  if (actor.env !== wish.env) return `A ${actor.env} key makes no ${wish.env} keys; a signed-in person does.`
  const paths = actor.keyPaths
  if (paths && !wish.keyPaths?.every((path) => reaches(paths, path)))
    return `This API key is limited to key paths, and so is what it makes: send key_paths below ${paths.join(', ')}.`
  const tags = actor.accountTags
  if (tags && !wish.accountTags?.every((tag) => tags.includes(tag)))
    return `This API key is limited to account tags, and so is what it makes: send account_tags out of ${JSON.stringify(tags)}.`
  const list = actor.ipAllowlist
  if (list && !wish.ipAllowlist?.every((network) => liesWithin(network, list)))
    return 'This API key is limited to addresses, and so is what it makes: send an ip_allowlist within its own.'
  if (actor.expiresAt && !(wish.expiresAt && wish.expiresAt <= actor.expiresAt))
    return `This API key ends, and so does what it makes: send an expires_at up to ${actor.expiresAt.toISOString()}.`
  return undefined
}

/**
 * Refuses INSUFFICIENT_SCOPE when somebody gives a key what they lack: a key anything beyond its own limits, and a person
 * (also the one behind a key) a scope that their role does not have.
 */
export function mustBeWithin(actor: KeyActor | PersonActor, wish: Powers): void {
  const role = actor.type === 'person' ? actor.role : actor.makerRole
  const above = wish.scopes.find((scope) => role === null || !atLeast(role, roleOf[scope]))
  const fault = actor.type === 'key' ? faultForKey(actor, wish) : undefined
  if (fault) refuse('INSUFFICIENT_SCOPE', { sentence: fault })
  if (above)
    refuse('INSUFFICIENT_SCOPE', { sentence: `Only ${roleOf[above]}s of the project give a key the scope ${above}.` })
}
