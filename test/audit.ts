import { sealRound } from '../server/audit/seal.ts'
import { systemCtx } from '../server/context.ts'
import { record } from '../server/events/event.ts'
import type { Sql } from '../server/lib/driver/connect.ts'
import type { World } from '../server/world.ts'

let written = 0

/** Writes so many entries of a project, each in a commit of its own and unlike all others. */
export async function writeEntries(world: World, projectId: string, count: number): Promise<void> {
  const ctx = { ...systemCtx(world, 'test'), ip: '203.0.113.7', userAgent: 'Agent "7" ä' }
  const first = written
  written += count
  for (let n = first; n < first + count; n++)
    await record(world.db.sql, ctx, {
      name: 'value.set',
      projectId,
      target: `value:path/${n}`,
      payload: { key_path: `path/${n}`, version: n + 1 },
    })
}

/** Seals until nothing is left to seal; other tests of the cluster can hold the horizon back for a moment. */
export async function sealAll(world: World): Promise<void> {
  const unsealed = () => world.db.sql`
    select from events where tick >= coalesce((select max(to_tick) from seals), 0) limit 1`
  do await sealRound(world)
  while ((await unsealed()).length > 0)
}

/** Tampers as somebody does who owns the database and turns triggers off, hands over what is then, and takes it all back. */
export async function tampering<Answer>(
  owner: Sql,
  tamper: (tx: Sql) => Promise<unknown>,
  look: (tx: Sql) => Promise<Answer>,
): Promise<Answer> {
  const back = new Error('taken back')
  let answer: Answer | undefined
  await owner
    .begin(async (tx) => {
      const sql = tx as unknown as Sql // only savepoints and new connections differ
      await tx`set local session_replication_role = replica`
      await tamper(sql)
      answer = await look(sql)
      throw back
    })
    .catch((thrown) => {
      if (thrown !== back) throw thrown
    })
  if (answer === undefined) throw new Error('Nothing was looked at.')
  return answer
}
