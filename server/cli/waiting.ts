import type { Terminal } from './terminal.ts'

/** Somebody, or the system, ended a command that waited. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`Stopped by ${signal}.`)
    // As a shell counts: 128 and the signal's number.
    this.exitCode = 128 + ({ SIGINT: 2, SIGHUP: 1 }[String(signal)] ?? 15)
  }
}

/** Waits for an answer until a time that is shown to who watches. @throws {Interrupted} by ^C and SIGTERM */
export async function waiting<Answer>(
  terminal: Terminal,
  until: string,
  wait: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const stop = new AbortController()
  const release = terminal.onSignal((signal) => stop.abort(new Interrupted(signal)))
  const still = spin(terminal, Date.parse(until))
  try {
    return await wait(stop.signal)
  } finally {
    still()
    release()
  }
}

const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

/** Shows that something goes on, and how long it may. @returns what ends it and leaves no trace */
function spin(terminal: Terminal, until: number): () => void {
  if (!terminal.watched) return () => undefined
  let turn = 0
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000))
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    terminal.draw(`\r${frames[turn++ % frames.length]} Waiting for an answer, ${clock} left\u001b[K`)
  }, 120)
  return () => {
    clearInterval(timer)
    terminal.draw('\r\u001b[K')
  }
}
