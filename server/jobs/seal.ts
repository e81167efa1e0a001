import { dropOld } from '../audit/drop.ts'
import { openKeeper } from '../audit/keeper.ts'
import { sealRound } from '../audit/seal.ts'
import { tally } from '../instance/tally.ts'
import type { World } from '../world.ts'

const everyMs = 500
const quietMs = 3_600_000
const lookEveryMs = 60_000
const dropEveryMs = 3_600_000

/** Seals the audit log by the clock, on every node: whichever gets the turn, so that nothing is unsealed for 2 s. */
export function startSealer(world: World): { stop(): Promise<void> } {
  const keeper = openKeeper(world)
  const did = tally(world)
  let stopped = false
  let looked = performance.now()
  let dropped = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const round = async () => {
    let more = false
    try {
      const quiet = performance.now() - looked > lookEveryMs
      if (quiet) looked = performance.now()
      const done = await sealRound(world, quiet ? new Date(world.clock.now().getTime() - quietMs) : undefined)
      more = done.more
      did.seal(done.seals, done.names)
      await keeper.keep(done.heads)
      if (performance.now() - dropped > dropEveryMs) {
        dropped = performance.now()
        await dropOld(world)
      }
      did.round('seal', 'ok')
    } catch (error) {
      did.round('seal', 'failed')
      world.log.warn({ job: 'seal', err: error }, 'A round of sealing failed; the next one tries again')
    }
    if (!stopped) timer = setTimeout(again, more ? 0 : everyMs)
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
