import { type Answers, client } from '../../api.ts'
import { type Fault, faultOf } from '../../parts/fault.ts'

export type Revealed = Answers['secrets']['reveal']

/** What the server answers to a request that may or may not have been done. */
const unclear = /^(UNREACHABLE|UNAVAILABLE|INTERNAL)$/

export const isUnclear = (fault: Fault): boolean => unclear.test(fault.code)

/** For this many ms a lost reply is asked for again; the server keeps it for 60 s from when it gave it. */
const patience = 50_000
/** Ms that one request is given. */
const deadline = 10_000

/** A name for a reveal that nobody can guess: who knows it gets the same reply again. */
export const newReplay = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => byte.toString(16).padStart(2, '0')).join('')

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

type Asked = { secret_key: string; replay: string; passphrase?: string }

/** Reveals. While it is not known whether a reply was lost, the same request is sent again, and `lost` is told. Throws a Fault. */
export async function reveal(asked: Asked, lost: () => void): Promise<Revealed> {
  const end = Date.now() + patience
  for (let wait = 500; ; wait = Math.min(wait * 2, 4000)) {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), deadline)
    try {
      return await client.secrets.reveal.mutate(asked, { signal: controller.signal })
    } catch (error) {
      const fault = faultOf(error)
      if (!isUnclear(fault) || Date.now() + wait > end) throw fault
      lost()
      await pause(wait)
    } finally {
      clearTimeout(timer)
    }
  }
}
