import type { AskOptions } from './asking.ts'
import { clientOf } from './client.ts'
import { released } from './released.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type ReleaseOptions = AskOptions & { reveal?: boolean; keyPath?: string }

/** `secret release`: a release-only secret, once people said yes. All that can refuse comes first: it is read once. */
export async function secretRelease(terminal: Terminal, id: string, options: ReleaseOptions): Promise<void> {
  if (terminal.shown && !options.reveal)
    throw new CommandFault('It would stay on this terminal. Pipe it into something, or say --reveal.', 2)
  const { keyPath = `release/secret/${id}` } = options
  const { secret = '' } = await released(terminal, clientOf(terminal), { keyPath, release: { secret: id } }, options)
  terminal.out(options.json ? JSON.stringify({ secret }) : secret)
}
