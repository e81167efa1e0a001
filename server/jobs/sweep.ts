import { sweepApprovals } from '../approvals/sweep.ts'
import { sweepAsks } from '../asks/sweep.ts'
import { systemCtx } from '../context.ts'
import { tally } from '../instance/tally.ts'
import { sweepAged } from '../keys/alerts.ts'
import { purgeMails } from '../mails/failures.ts'
import { purgeDeliveries } from '../outbox/delivery.ts'
import { purgeSignIns } from '../people/open-session.ts'
import { purgeStanding } from '../policies/standing.ts'
import { purgeProjects } from '../projects/project.ts'
import { sweepRequests } from '../requests/row.ts'
import { clearKeyring, destroyEpochs } from '../secrets/ended-epochs.ts'
import { warnSoon } from '../secrets/notices.ts'
import { sweepSecrets } from '../secrets/sweep.ts'
import type { World } from '../world.ts'

const everyMs = 1000
const cleanEveryMs = 60_000

/** Removes what nobody can ask for any more: stored replies after 24 h, windows of rate limits that are over, dead mails, ended sessions, standing yeses a day after their end, deliveries after 30 days. */
export async function clean({ db: { sql } }: World): Promise<void> {
  await sql`delete from idempotency where slot in (
    select slot from idempotency where expires_at <= now() limit 5000 for update skip locked)`
  await sql`delete from rates where key in (
    select key from rates where expire < extract(epoch from now()) * 1000 limit 5000 for update skip locked)`
  await purgeMails(sql)
  await purgeSignIns(sql)
  await purgeStanding(sql)
  await purgeDeliveries(sql)
}

/** Does by the clock what no request does, on every node; each piece of work is done by whichever node gets to it first. */
export function startSweeper(world: World): { stop(): Promise<void> } {
  const ctx = systemCtx(world, 'sweeper')
  const did = tally(world)
  let stopped = false
  let cleaned = 0
  let keysChecked = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const round = async () => {
    try {
      while (!stopped && (await sweepApprovals(ctx)) > 0);
      while (!stopped && (await sweepSecrets(ctx)) > 0);
      while (!stopped && (await sweepAsks(ctx)) > 0);
      while (!stopped && (await purgeProjects(world.db.sql)) > 0);
      if (performance.now() - cleaned > cleanEveryMs) {
        await clean(world)
        while (!stopped && (await sweepRequests(world.db.sql)) > 0);
        while (!stopped && (await sweepAged(ctx)) > 0);
        while (!stopped && (await warnSoon(ctx)) > 0);
        cleaned = performance.now()
      }
      // Last: without its keyring a node still does all the rest.
      while (!stopped && (await destroyEpochs(world)) > 0);
      if (performance.now() - keysChecked > cleanEveryMs) {
        await clearKeyring(world)
        await world.vault.refresh()
        keysChecked = performance.now()
      }
      did.round('sweep', 'ok')
    } catch (error) {
      did.round('sweep', 'failed')
      world.log.warn({ job: 'sweep', err: error }, 'A sweep failed; the next one tries again')
    }
    if (!stopped) timer = setTimeout(again, everyMs)
  }
  let running = Promise.resolve()
  const again = () => {
    running = round()
  }
  timer = setTimeout(again, everyMs)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
