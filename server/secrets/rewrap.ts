import { ifOpened, type Rewrap } from '../rewrapping.ts'
import type { World } from '../world.ts'
import { type KeyColumn, rewrapKey } from './sealing.ts'
import { type SecretRow, wrappedAt } from './secret.ts'

const most = 100
const columns = ['data_key', 'replay_key', 'upload_key', 'ticket_key'] as const satisfies KeyColumn[]

type Row = Pick<SecretRow, 'id' | 'project_id' | 'epoch_id' | 'key_version' | KeyColumn>
type Keys = Record<KeyColumn, Uint8Array | null>

async function keysUnder(world: World, row: Row, to: number): Promise<Keys> {
  const keys: Keys = { data_key: null, replay_key: null, upload_key: null, ticket_key: null }
  for (const column of columns) {
    const wrapped = row[column]
    if (wrapped) keys[column] = await rewrapKey(world, wrappedAt(row), column, wrapped, to)
  }
  return keys
}

// The driver takes no array of bytea.
const hex = (rows: readonly Keys[], column: KeyColumn) =>
  rows.map((row) => (row[column] ? Buffer.from(row[column]).toString('hex') : null))

/** Puts the keys of secrets under another generation, many in one statement. */
export const rewrapSecrets: Rewrap = async (world, sql, to, after) => {
  const rows = await sql<Row[]>`
    select id, project_id, epoch_id, key_version, data_key, replay_key, upload_key, ticket_key from secrets
    where key_version < ${to} and id > ${after} order by id limit ${most}`
  const moves: { was: Row; keys: Keys }[] = []
  for (const was of rows) {
    const keys = await ifOpened(() => keysUnder(world, was, to))
    if (keys) moves.push({ was, keys })
  }
  const [old, fresh] = [moves.map(({ was }) => was), moves.map(({ keys }) => keys)]
  const given = (column: KeyColumn) => sql`${hex(old, column)}::text[], ${hex(fresh, column)}::text[]`
  const same = (column: KeyColumn) => sql`s.${sql(column)} is not distinct from decode(${sql(`${column}_was`)}, 'hex')`
  const moved = await sql`
    update secrets s set key_version = ${to}, data_key = decode(n.data_key, 'hex'), replay_key = decode(n.replay_key, 'hex'),
      upload_key = decode(n.upload_key, 'hex'), ticket_key = decode(n.ticket_key, 'hex')
    from unnest(${old.map(({ id }) => id)}::text[], ${old.map(({ key_version }) => key_version)}::int[],
      ${given('data_key')}, ${given('replay_key')}, ${given('upload_key')}, ${given('ticket_key')})
      as n (id, version_was, data_key_was, data_key, replay_key_was, replay_key, upload_key_was, upload_key,
        ticket_key_was, ticket_key)
    where s.id = n.id and s.key_version = n.version_was
      and ${same('data_key')} and ${same('replay_key')} and ${same('upload_key')} and ${same('ticket_key')}`
  return { last: rows.at(-1)?.id, moved: moved.count }
}
