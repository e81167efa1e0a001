import { resetLink } from '../auth/reset-link.ts'
import { systemCtx } from '../context.ts'
import { freshSetupLink } from '../setup/owner.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { withWorld } from './world.ts'

/** `setup:link`: a fresh set-up link, in place of the one that the server printed; only while nobody runs the instance. */
export async function setupLink(terminal: Terminal, options: { json?: boolean }): Promise<void> {
  const url = await withWorld(terminal, freshSetupLink)
  if (url === undefined) throw new CommandFault('This instance is set up already; sign in.')
  terminal.out(options.json ? JSON.stringify({ url }) : url)
}

/** `password:link`: a link to a new password, for one hour, to be handed over where no mail can be sent. */
export async function passwordLink(terminal: Terminal, options: { email: string; json?: boolean }): Promise<void> {
  const url = await withWorld(terminal, (world) => resetLink(systemCtx(world, 'command line'), options.email))
  if (url === undefined) throw new CommandFault('Nobody has an account under this address.')
  terminal.out(options.json ? JSON.stringify({ url }) : url)
}
