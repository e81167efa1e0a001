import type { World } from '../world.ts'
import type { Head } from './chain.ts'
import { headsDir, keepForGood, keepNewest, newestKept } from './heads.ts'

const hour = 3_600_000

/** Keeps heads in files beside the database, on the node that made them. */
export type Keeper = { keep(heads: readonly Head[]): Promise<void> }

/**
 * The newest head of each project, and one an hour that is kept for good. A head that does not continue the one that is
 * kept never takes its place: the chain lost its end, and the file is what proves it.
 */
export function openKeeper(world: World): Keeper {
  const dir = headsDir(world.config)
  const newest = new Map<string, Head>()
  const hours = new Map<string, number>()

  const continues = async (head: Head, kept: Head): Promise<boolean> => {
    if (kept.number >= head.number) return kept.number === head.number && kept.head === head.head
    const [row] = await world.db.sql`
      select encode(head, 'hex') as head from seals where project_id = ${kept.project_id} and number = ${kept.number}`
    return row?.head === kept.head
  }

  return {
    async keep(heads) {
      for (const head of heads) {
        const { project_id: id } = head
        const kept = newest.get(id) ?? (await newestKept(dir, id))
        if (kept && !(await continues(head, kept))) {
          world.log.error(
            { job: 'seal' },
            'The audit log does not continue the head that is kept in DATA_DIR/audit-heads; run countersign audit:verify',
          )
          continue
        }
        await keepNewest(dir, head)
        newest.set(id, head)
        const now = Math.floor(Date.parse(head.at) / hour)
        if (hours.get(id) === now) continue
        await keepForGood(dir, head)
        hours.set(id, now)
      }
    },
  }
}
