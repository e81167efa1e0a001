import { systemCtx } from '../server/context.ts'
import type { Project } from '../server/projects/project.ts'
import { claimSecret } from '../server/secrets/claim.ts'
import { makeSecret, type SecretWish, withKeys } from '../server/secrets/fresh.ts'
import { linkOpener, openContent, secretDigest, unwrapKey } from '../server/secrets/sealing.ts'
import { type SecretRow, wrappedAt } from '../server/secrets/secret.ts'
import type { World } from '../server/world.ts'

/** A secret of a project, without a door: its id and its `secret_key`. */
export async function makeSecretIn(world: World, project: Pick<Project, 'id'>, wish: Partial<SecretWish> = {}) {
  const ttl = wish.ttl ?? 3600
  const made = await withKeys(world, ttl, () =>
    makeSecret(world.db.sql, systemCtx(world, 'test'), {
      projectId: project.id,
      custid: 'test',
      content: 'a secret',
      encryptedBy: 'server',
      ttl,
      ...wish,
    }),
  )
  return { id: made.at.id, key: made.secretKey ?? '' }
}

/** Reads a secret as its link's holder, once. */
export const readSecret = async (world: World, key: string, passphrase?: string): Promise<string> =>
  (await claimSecret(systemCtx(world, 'reader'), key, { passphrase })).content.toString()

/** Opens a secret as a claim does, and does not claim it; undefined when it is not there to be opened any more. */
export async function peekSecret(world: World, key: string): Promise<string | undefined> {
  const [row] = await world.db.sql<(SecretRow & { content: Uint8Array })[]>`
    select * from secrets where secret_digest = ${secretDigest(world, key)} and data_key is not null`
  if (!row?.data_key) return undefined
  const opener = await linkOpener(wrappedAt(row), key)
  const dataKey = await unwrapKey(world, wrappedAt(row), 'data_key', opener, row.data_key)
  return dataKey && openContent(wrappedAt(row), dataKey, row.content).toString()
}

/** Makes every epoch as old as one must be to be destroyed. */
export const ageEpochs = ({ db: { sql } }: World) =>
  sql`update secret_epochs set created_at = now() - interval '1 hour'`
