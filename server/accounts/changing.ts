import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Recipe } from '../lib/totp.ts'
import type { AccountRow } from './account.ts'
import type { Holder } from './adding.ts'
import type { Asker } from './reach.ts'
import { sealSeed, seedDigest } from './sealing.ts'

/** What changes of an account, as its columns. */
export type NewFields = Partial<Recipe & { name: string; issuer: string; tags: string[]; only_by_approval: boolean }>

/** Those that are not what the account has already. */
const differing = (row: AccountRow, fields: NewFields): NewFields =>
  Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => {
      // The fields are columns of the row, by name.
      return value !== undefined && JSON.stringify(value) !== JSON.stringify(row[name as keyof NewFields])
    }),
  )

/**
 * Changes fields and seed of a held account and tells which; what is so already is no change, and nothing is told of none. Codes
 * by count are numbered by time steps, which a new period numbers anew: their grants go on from the same instant.
 */
export async function changeFields(
  tx: Sql,
  ctx: Ctx<Asker>,
  row: AccountRow,
  fields: NewFields,
  seed: Uint8Array | undefined,
): Promise<void> {
  const { world } = ctx
  const { id, project_id: projectId } = row
  const changed = differing(row, fields)
  const digest = seed && seedDigest(world, projectId, seed)
  const [same] = digest ? await tx`select from accounts where id = ${id} and seed_digest = ${digest}` : []
  const isNew = seed !== undefined && digest !== undefined && same === undefined
  const names = [...Object.keys(changed), ...(isNew ? ['secret'] : [])]
  if (names.length === 0) return
  const sealed = isNew ? sealSeed(world, { id, projectId }, seed) : undefined
  const kept = sealed && digest ? { seed: sealed.seed, seed_digest: digest, key_version: sealed.keyVersion } : {}
  await tx`update accounts set ${tx({ ...changed, ...kept })}, updated_at = now() where id = ${id}`
  if (changed.period !== undefined)
    await tx`
      update account_grants set last_step = last_step * ${row.period}::int / ${changed.period}::int where account_id = ${id}`
  const payload = { account_id: id, name: changed.name ?? row.name, fields: names }
  await record(tx, ctx, { name: 'account.changed', projectId, target: `account:${id}`, payload })
}

/** Makes a held account somebody else's; to whom it is already nothing is told. */
export async function handOn(tx: Sql, ctx: Ctx<Asker>, row: AccountRow, to: Holder): Promise<void> {
  const { id, project_id: projectId, name } = row
  if (row.owner_id === to.id) return
  await tx`update accounts set owner_id = ${to.id}, updated_at = now() where id = ${id}`
  const payload = { account_id: id, name, from: row.owner_email, to: to.email }
  await record(tx, ctx, { name: 'account.transferred', projectId, target: `account:${id}`, payload })
}
