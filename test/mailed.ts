import type { World } from '../server/world.ts'
import type { Mailbox, Received } from './mailbox.ts'
import { until } from './until.ts'

/** Waits until no mail is under way any more: one that arrived is in the queue until its node has heard that it was taken. */
export const sentAll = ({ db: { sql } }: World): Promise<void> =>
  until(async () => (await sql`select from graphile_worker.jobs`).length === 0)

/** The mails that these steps make, at least so many; others must not be under way. */
export const mailsOf =
  (box: Mailbox, world: World) =>
  async (steps: () => Promise<unknown>, atLeast = 0): Promise<Received[]> => {
    const before = box.mails.length
    await steps()
    await box.arrived(before + atLeast, 45_000) // the first one loads the renderer
    await sentAll(world)
    return box.mails.slice(before)
  }
