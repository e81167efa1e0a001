import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until it holds, and fails after `ms`. */
export async function until(holds: () => Promise<boolean>, ms = 30_000): Promise<void> {
  for (const end = performance.now() + ms; !(await holds()); await sleep(10))
    if (performance.now() > end) throw new Error(`It did not come to hold within ${ms} ms: ${holds}`)
}
