import type { KeyActor, PersonActor } from '../server/context.ts'
import type { DoorCtx } from '../server/rpc/admit.ts'
import { secretDigest } from '../server/secrets/sealing.ts'
import type { World } from '../server/world.ts'
import { as } from './as.ts'

type Wish = Partial<Parameters<ReturnType<typeof as>['secrets']['share']>[0]>

/** A secret with both its keys, its id, and the calls that people make about it. */
export async function shareSecret(world: World, actor: KeyActor | PersonActor, wish: Wish = {}) {
  const made = await as(world, actor).secrets.share({ secret: 'the text', ...wish })
  const { metadata_key, secret_key, upload } = made
  if (!metadata_key || !secret_key) throw new Error('A new secret has both its keys.')
  const [row] = await world.db.sql<
    { id: string }[]
  >`select id from secrets where secret_digest = ${secretDigest(world, secret_key)}`
  if (!row) throw new Error('It was not stored.')
  const visitor = (more: Partial<DoorCtx> = {}) => as(world, { type: 'visitor' }, more).secrets
  return {
    id: row.id,
    metadata_key,
    secret_key,
    upload,
    /** By its link; `replay` is an Idempotency-Key. */
    reveal: (brought: { passphrase?: string; replay?: string } = {}, more: Partial<DoorCtx> = {}) =>
      visitor(more).reveal({ secret_key, ...brought }),
    retrieve: (brought: { passphrase?: string; replay?: string } = {}, more: Partial<DoorCtx> = {}) =>
      as(world, actor, more).secrets.retrieve({ secret_key, ...brought }),
    open: (more: Partial<DoorCtx> = {}) => visitor(more).open({ secret_key }),
    burn: () => as(world, actor).secrets.burn({ metadata_key }),
    burnByReceipt: () => visitor().burnByReceipt({ metadata_key }),
  }
}

/** What a secret's row holds that opens or is something. */
export async function heldBy(world: World, id: string): Promise<string[]> {
  const [row] = await world.db.sql`
    select content, data_key, sealed_secret_key, replay_key, upload_key, ticket_key
    from secrets where id = ${id}`
  return Object.entries(row ?? {}).flatMap(([column, bytes]) => (bytes === null ? [] : [column]))
}

/** The names of the events about a secret, in order. */
export const toldOf = async (world: World, id: string): Promise<string[]> => {
  const rows = await world.db.sql<{ name: string }[]>`
    select name from events where target = ${`secret:${id}`} order by seq`
  return rows.map(({ name }) => name)
}
