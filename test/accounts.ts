import { sealSeed, seedDigest } from '../server/accounts/sealing.ts'
import type { KeyActor, PersonActor } from '../server/context.ts'
import { newId } from '../server/lib/id.ts'
import { seedOf } from '../server/lib/totp.ts'
import type { Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { GrantRole } from '../shared/contract/account.ts'
import type { Algorithm } from '../shared/totp.ts'

/** What a test wants of an account; `seed` as bytes or base32, `period` in seconds. */
export type AccountWish = {
  id?: string
  name?: string
  issuer?: string
  tags?: string[]
  seed?: string | Uint8Array
  algorithm?: Algorithm
  digits?: number
  period?: number
  owner?: { id: string } | null
}

/** The SHA1 seed of RFC 6238, Appendix B: the ASCII text 12345678901234567890. */
export const rfcSeed = Buffer.from('12345678901234567890')

/** An account as its row stands after `create`, without the event of its making. Nobody's unless `owner` is given. */
export async function makeAccount(world: World, project: Pick<Project, 'id'>, wish: AccountWish = {}) {
  const { name = 'GitHub', issuer = 'GitHub', tags = [], algorithm = 'SHA1', digits = 6, period = 30, owner } = wish
  const { seed: given = rfcSeed, id = newId() } = wish
  const seed = typeof given === 'string' ? seedOf(given) : Buffer.from(given)
  const { sql } = world.db
  const sealed = sealSeed(world, { id, projectId: project.id }, seed)
  const by = { type: 'system', id: null, name: 'test' }
  await sql`
    insert into accounts (id, project_id, name, issuer, tags, algorithm, digits, period, seed, seed_digest, key_version,
      owner_id, created_by)
    values (${id}, ${project.id}, ${name}, ${issuer}, ${tags}, ${algorithm}, ${digits}, ${period}, ${sealed.seed},
      ${seedDigest(world, project.id, seed)}, ${sealed.keyVersion}, ${owner?.id ?? null}, ${sql.json(by)})`
  return { id, projectId: project.id, name, issuer, tags, seed, recipe: { algorithm, digits, period } }
}

type Grantee = { email: string } | { keyFamily: string }

/** What of an actor a grant names. */
export const granteeOf = (actor: KeyActor | PersonActor): Grantee =>
  actor.type === 'key' ? { keyFamily: actor.family } : { email: actor.email }

/** A live grant; with `codes` so many in all, and then it ends after `minutes` (30 unless told). Answers its id. */
export async function grantTo(
  world: World,
  account: { id: string; projectId: string },
  grant: Grantee & { role?: GrantRole; codes?: number; minutes?: number },
): Promise<string> {
  const { role = 'viewer', codes = null, minutes = codes === null ? null : 30 } = grant
  const { sql } = world.db
  const id = newId()
  const by = { type: 'system', id: null, name: 'test' }
  await sql`
    insert into account_grants (id, account_id, project_id, email, key_family, role, expires_at, codes_max, granted_by)
    values (${id}, ${account.id}, ${account.projectId}, ${'email' in grant ? grant.email.toLowerCase() : null},
      ${'keyFamily' in grant ? grant.keyFamily : null}, ${role}, now() + make_interval(mins => ${minutes}::int), ${codes},
      ${sql.json(by)})`
  return id
}
