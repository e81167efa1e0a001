/** What may be told of an error: its kind, its codes and where it was thrown. Never its message, query or parameters. */
export type Mishap = {
  type: string
  code?: string | undefined
  constraint?: string | undefined
  routine?: string | undefined
  syscall?: string | undefined
  at?: string[]
  cause?: Mishap | undefined
}

const frame = /^ {4}at [^(]*\(?(file:\/\/|node:|\/|[A-Za-z]:\\).*:\d+:\d+\)?$/

/** The frames of a stack without its head, where V8 repeats the message (which can look like a frame itself). */
function framesOf(error: Error): string[] {
  const stack = error.stack ?? ''
  const head = error.message === '' ? -1 : stack.indexOf(error.message)
  const frames = (head < 0 ? stack : stack.slice(head + error.message.length))
    .split('\n')
    .filter((line) => frame.test(line))
  return frames.slice(0, 8).map((line) => line.slice(7).replace(/file:\/\/.*?(?=\/(server|shared|node_modules)\/)/, ''))
}

/** Names of kinds, constraints and functions look like this; anything else could be somebody's data. */
const named = (value: unknown) => (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined)

/** An error as a log line may show it, with at most three causes; anything that is not an error by its type alone. */
export function describeError(error: unknown, depth = 0): Mishap {
  if (!(error instanceof Error)) return { type: error === null ? 'null' : typeof error }
  const { code, constraint_name, constraint, routine, syscall } = error as Error & Record<string, unknown> // extra properties of drivers
  return {
    type: named(error.constructor.name) ?? 'Error',
    code: named(code),
    constraint: named(constraint_name) ?? named(constraint),
    routine: named(routine),
    syscall: named(syscall),
    at: framesOf(error),
    cause: error.cause !== undefined && depth < 3 ? describeError(error.cause, depth + 1) : undefined,
  }
}
