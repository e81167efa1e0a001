import { systemCtx } from '../context.ts'
import { forgetMissing } from '../secrets/missing.ts'
import type { Terminal } from './terminal.ts'
import { withWorld } from './world.ts'

/** `keyring:forget`: gives up keys of one-time secrets that are lost, as after a restored backup, and burns what needs them. */
export async function keyringForget(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const { epochs, secrets } = await withWorld(terminal, (world) => forgetMissing(systemCtx(world, 'command line')))
  if (json) terminal.out(JSON.stringify({ keys: epochs, secrets }))
  else if (epochs === 0) terminal.out('Nothing to do: every key that a secret needs is in KEYRING_DIR.')
  else terminal.out(`${epochs} lost keys were given up, and ${secrets} secrets burned that nobody could open any more.`)
}
