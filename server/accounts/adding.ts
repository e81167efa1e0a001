import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import type { Recipe } from '../lib/totp.ts'
import { type Asker, mustStayInReach } from './reach.ts'
import { sealSeed, seedDigest } from './sealing.ts'

/** What an account is made of; `seed` as its bytes. */
export type AccountWish = Recipe & { name: string; issuer: string; tags: readonly string[]; seed: Uint8Array }

/** Somebody whose an account can be. */
export type Holder = { id: string; name: string; email: string }

/**
 * An active member of the asker's project, MEMBER or more, who stays one until the transaction ends: without the lock an account
 * could become somebody's who was shown out meanwhile. In test mode too members are those of the live project.
 */
export async function holdMember(
  tx: Sql,
  asker: Asker,
  who: { id: string } | { email: string },
): Promise<Holder | undefined> {
  const [member] = await tx<Holder[]>`
    select p.id, p.name, p.email from memberships m join people p on p.id = m.person_id
    where m.project_id = (select coalesce(test_of, id) from projects where id = ${asker.projectId})
      and ${'id' in who ? tx`p.id = ${who.id}` : tx`p.email = ${who.email}`}
      and m.disabled_at is null and m.role <> 'VIEWER' for share of m`
  return member
}

/** A person's account is theirs; a key's belongs to its maker while they are a member, and else to nobody. */
async function ownerFor(tx: Sql, asker: Asker): Promise<string | null> {
  if (asker.type === 'person') return (await holdMember(tx, asker, { id: asker.id }))?.id ?? refuse('INSUFFICIENT_ROLE')
  return asker.makerId === null ? null : ((await holdMember(tx, asker, { id: asker.makerId }))?.id ?? null)
}

/**
 * Adds accounts in one statement and answers their ids, in the order of the wishes. To be run in a transaction, within
 * `withNewestKey`; the event is the caller's, in the same transaction. Refuses TAG_NOT_ALLOWED.
 */
export async function addAccounts(tx: Sql, ctx: Ctx<Asker>, wishes: readonly AccountWish[]): Promise<string[]> {
  const { world, actor } = ctx
  const { projectId } = actor
  for (const { tags } of wishes) mustStayInReach(actor, tags)
  const ownerId = await ownerFor(tx, actor)
  const rows = wishes.map(({ seed: bytes, name, issuer, tags, algorithm, digits, period }) => {
    const id = newId()
    const { seed, keyVersion } = sealSeed(world, { id, projectId }, bytes)
    const digest = seedDigest(world, projectId, bytes)
    return {
      ...{ id, name, issuer, tags: [...tags], algorithm, digits, period, key_version: keyVersion },
      // bytea as JSON can hold it
      ...{ seed: `\\x${Buffer.from(seed).toString('hex')}`, seed_digest: `\\x${digest.toString('hex')}` },
    }
  })
  await tx`
    insert into accounts (id, project_id, name, issuer, tags, algorithm, digits, period, seed, seed_digest, key_version,
      owner_id, created_by)
    select id, ${projectId}, name, issuer, tags, algorithm, digits, period, seed, seed_digest, key_version,
      ${ownerId}, ${tx.json(actorRef(actor))}::jsonb
    from jsonb_to_recordset(${tx.json(rows)}::jsonb) as w (id text, name text, issuer text, tags text[], algorithm text,
      digits int, period int, seed bytea, seed_digest bytea, key_version int)`
  return rows.map(({ id }) => id)
}
