import { setTimeout as sleep } from 'node:timers/promises'
import type { opened } from '../faults/racing.ts'
import { asker, type Reply } from '../http.ts'
import { until } from '../until.ts'

type Approval = Awaited<ReturnType<typeof opened>>

/** Asks; no reply is a reply that nothing is known from. */
const quietly = (asked: Promise<Reply>) => asked.catch(() => undefined)

/**
 * Sets values and decides approvals over nodes, steadily, and keeps what was acknowledged. Each approval is pressed on every
 * node at once, and again until each knows that it is decided.
 */
export function acknowledged(urls: readonly string[], key: string, approvals: readonly Approval[]) {
  const asks = urls.map((url) => asker(url))
  const values = new Map<string, string>()
  const decided: Approval[] = []
  const twice: string[] = []
  const lastBegun = urls.map(() => 0)
  let stopped = false

  const write = async (lane: number) => {
    const node = lane % urls.length
    for (let n = 0; !stopped; n++) {
      const [path, value] = [`/v1/key/load/${lane}/${n}`, `${lane} ${n}`]
      const began = performance.now()
      const reply = await quietly(asks[node]?.('PUT', path, { key, body: { value } }) ?? Promise.reject())
      if (reply?.status === 201) {
        values.set(path, value)
        lastBegun[node] = began
      }
      await sleep(50)
    }
  }
  const press = async (approval: Approval) => {
    let wins = 0
    const on = async (url: string) => {
      const { path, headers, body } = approval.shot(url, { action: 'approve' })
      for (;;) {
        const reply = await quietly(asker(url)('POST', path, { headers, body }))
        if (reply?.status === 200) wins++
        if (reply && reply.status < 500) return
        await sleep(200)
      }
    }
    await Promise.all(urls.map(on))
    if (wins > 0) decided.push(approval)
    if (wins > 1) twice.push(approval.approval_id)
  }
  const decide = async () => {
    const pressed: Promise<void>[] = []
    for (const approval of approvals) {
      pressed.push(press(approval))
      await sleep(50)
    }
    await Promise.all(pressed)
  }
  const running = [...Array.from({ length: 8 }, (_, lane) => write(lane)), decide()]

  /** What was acknowledged and is not there. */
  const missing = async (): Promise<string[]> => {
    const read = async (path: string) => {
      let reply: Reply | undefined
      await until(async () => {
        reply = await quietly(asks[0]?.('GET', path, { key }) ?? Promise.reject())
        return reply !== undefined && reply.status < 500
      }, 60_000)
      return reply
    }
    const lost: string[] = []
    for (const [path, value] of values) if ((await read(path))?.text !== JSON.stringify(value)) lost.push(path)
    for (const { approval_id: id } of decided)
      if ((await read(`/v1/approvals/${id}`))?.body.status !== 'executed') lost.push(id)
    return lost
  }
  return {
    /** How many values were acknowledged, and how many decisions. */
    values: () => values.size,
    decisions: () => decided.length,
    /** When a node first acknowledged a write that was asked for after the moment. */
    async writesAgain(node: number, after: number): Promise<number> {
      await until(async () => (lastBegun[node] ?? 0) > after, 120_000)
      return performance.now()
    },
    async stop() {
      await running.at(-1)
      stopped = true
      await Promise.all(running)
      return { values: values.size, decisions: decided.length, twice, lost: await missing() }
    },
  }
}
