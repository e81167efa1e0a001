import { ifOpened, type Rewrap } from '../rewrapping.ts'
import type { World } from '../world.ts'
import { resealSeed } from './sealing.ts'

const most = 200

type Row = { id: string; project_id: string; seed: Uint8Array; key_version: number }
type Move = { id: string; version: number; was: string; seed: string }

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

async function moveOf(world: World, { id, project_id, seed, key_version }: Row, to: number): Promise<Move> {
  const moved = await resealSeed(world, { id, projectId: project_id }, { seed, keyVersion: key_version }, to)
  return { id, version: key_version, was: hex(seed), seed: hex(moved) }
}

/** Puts the seeds of accounts under another generation, many in one statement. */
export const rewrapAccounts: Rewrap = async (world, sql, to, after) => {
  const rows = await sql<Row[]>`
    select id, project_id, seed, key_version from accounts
    where key_version < ${to} and id > ${after} order by id limit ${most}`
  const moves: Move[] = []
  for (const row of rows) {
    const move = await ifOpened(() => moveOf(world, row, to))
    if (move) moves.push(move)
  }
  const moved = await sql`
    update accounts a set key_version = ${to}, seed = decode(n.seed, 'hex')
    from unnest(${moves.map(({ id }) => id)}::text[], ${moves.map(({ version }) => version)}::int[],
      ${moves.map(({ was }) => was)}::text[], ${moves.map(({ seed }) => seed)}::text[]) as n (id, version, was, seed)
    where a.id = n.id and a.key_version = n.version and a.seed = decode(n.was, 'hex')`
  return { last: rows.at(-1)?.id, moved: moved.count }
}
