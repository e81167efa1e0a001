import { readCaller } from '../server/cli/caller.ts'
import { runCommand } from '../server/cli/program.ts'
import { readEnv } from '../server/env.ts'
import type { Ended } from './built.ts'
import { nobody } from './cli.ts'

/**
 * A command line typed into this process, for what a process of its own shows no better: how a line is understood. What a
 * command throws is thrown; `main.ts` makes a sentence and a code of it.
 */
export async function typed(args: string[], environment: Record<string, string> = {}): Promise<Omit<Ended, 'signal'>> {
  let [stdout, stderr] = ['', '']
  const code = await runCommand(
    args,
    {
      out: (line) => {
        stdout += `${line}\n`
      },
      err: (line) => {
        stderr += `${line}\n`
      },
      color: false,
      config: () => readEnv(environment, () => ''),
      watched: false,
      caller: () => readCaller(environment, () => ''),
      stopped: () => Promise.resolve('SIGTERM'),
      ...nobody,
    },
    '0.0.0',
  )
  return { code, stdout, stderr }
}
