import type { Log } from '../log.ts'

/** The schema that graphile-worker keeps its tables in; never another one, whatever a file in the working directory says. */
export const schema = 'graphile_worker'

/** graphile-worker, loaded when it is first needed, and a logger for it that passes on no text: it writes messages of errors. */
export async function loadLibrary(log?: Log) {
  const { run, runMigrations, Logger } = await import('graphile-worker')
  const logger = new Logger(() => (level, _text, meta) => {
    if (/^(error|warning)$/.test(level)) log?.warn({ job: 'queue', err: meta?.error }, 'The queue met a fault')
  })
  return { run, runMigrations, logger }
}
