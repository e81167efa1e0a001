import { setTimeout as sleep } from 'node:timers/promises'
import { bearer, decisionOf, line, must, type Target } from './units.ts'
import { openWire, type Wire } from './wire.ts'

/** Ten thousand clients in one process: each waits for a value of its own; some of the values are then decided. */
export type WaitOrder = { target: Target; count: number; tokens: string[] }

/** `waiting`: all requests are sent. `answered`: milliseconds from pressing a button to the waiter's reply, one by one. */
export type WaitReport = { waiting: number } | { answered: number[] } | { fault: string }

export const waitPath = (n: number): string => `wait/${n}`

/** Sockets of one address to one port are limited by the ports there are. */
const addressOf = (n: number) => `127.0.0.${1 + (n % 4)}`

const say = (report: WaitReport) => process.send?.(report)

async function open({ target, count }: WaitOrder): Promise<Promise<number>[]> {
  const waits: Promise<number>[] = []
  const wires: Wire[] = []
  for (let from = 0; from < count; from += 100)
    wires.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(100, count - from) }, (_, i) => openWire(target.port, addressOf(from + i))),
      )),
    )
  for (const [n, { ask }] of wires.entries()) {
    waits.push(
      ask(line('GET', `/v1/key/${waitPath(n)}?wait=55`, bearer(target))).then(
        (reply) => must(reply, 200) && performance.now(),
      ),
    )
    if (n % 100 === 99) await sleep(5)
  }
  return waits
}

/** Presses the buttons one after another, at an even pace. */
async function decide({ target, tokens }: WaitOrder, waits: Promise<number>[]): Promise<number[]> {
  const { ask } = await openWire(target.port)
  const answered: number[] = []
  for (const [n, token] of tokens.entries()) {
    const press = await decisionOf(ask, token)
    const pressed = performance.now()
    must(await ask(press), 200)
    answered.push(((await waits[n]) ?? Number.NaN) - pressed)
    await sleep(10)
  }
  return answered
}

let order: WaitOrder | undefined
let waits: Promise<number>[] = []

process.on('message', async (message: WaitOrder | 'decide') => {
  try {
    if (message !== 'decide') {
      order = message
      waits = await open(order)
      for (const one of waits) one.catch(() => undefined) // those that nobody decides end with this process
      say({ waiting: waits.length })
    } else if (order) say({ answered: await decide(order, waits) })
  } catch (fault) {
    say({ fault: String(fault) })
  }
})
