import { type DestinationStream, type Logger, pino } from 'pino'
import { describeError } from './mishap.ts'

const word = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : undefined)
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
const flag = (value: unknown) => (typeof value === 'boolean' ? value : undefined)
const id = (value: unknown) => (typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : undefined)

/**
 * Everything a log line may say beside its sentence, and how it is written. A field that is not here is dropped: there
 * is no header, body, query string, token or parameter to redact, because none can get in. `route` is a template
 * (`/a/:token`), ids are never capabilities.
 */
const fields = {
  pid: number,
  request_id: id,
  method: id,
  route: word,
  status: number,
  ms: number,
  code: id,
  limit: word,
  actor: id,
  project_id: id,
  key_id: id,
  approval_id: id,
  job: id,
  count: number,
  embedded: flag,
  url: word,
  signal: id,
  setting: word,
  err: describeError,
} as const satisfies Record<string, (value: unknown) => unknown>

export type LogFields = { [Name in keyof typeof fields]?: unknown }

function allowed(object: Record<string, unknown>): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const [name, write] of Object.entries(fields)) {
    if (object[name] !== undefined) line[name] = write(object[name])
  }
  return line
}

const sentenceOf = (value: unknown, fallback: string | undefined) => (typeof value === 'string' ? value : fallback)

type Write = { (sentence: string): void; (fields: LogFields, sentence: string): void }

/** What a line is written with; `child` writes its fields on every line. */
export type Log = Record<'debug' | 'info' | 'warn' | 'error' | 'fatal', Write> & { child(fields: LogFields): Log }

/** pino's own child would write its fields past the list. */
const narrow = (logger: Logger): Log => ({
  debug: logger.debug.bind(logger),
  info: logger.info.bind(logger),
  warn: logger.warn.bind(logger),
  error: logger.error.bind(logger),
  fatal: logger.fatal.bind(logger),
  child: (fields) => narrow(logger.child(allowed(fields))),
})

/**
 * JSON lines on stdout, or on `stream`. The sentence of a line is a constant of the source; an error's own message is
 * never written (drivers put SQL and parameters there), nor are printf arguments.
 */
export function openLog(level: string, stream: DestinationStream = stdout()): Log {
  const logger = pino(
    {
      level,
      messageKey: 'msg',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        bindings: allowed,
        log: allowed,
      },
      // Without these pino would write `err` a second time, with its message and every own property.
      serializers: { err: (described: unknown) => described },
      hooks: {
        logMethod([first, second], method) {
          const fault = (first as unknown) instanceof Error // pino also takes an error in the object's place
          const object: unknown = fault ? { err: first } : first
          if (typeof object === 'string') return method.call(this, object)
          const failed = typeof object === 'object' && object !== null && 'err' in object
          method.call(this, object, sentenceOf(second, failed ? 'Something went wrong' : undefined))
        },
      },
    },
    stream,
  )
  return narrow(logger)
}

/** Lines are gathered and written together, at the latest after half a second and when the process ends. */
function stdout(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 500 })
}
