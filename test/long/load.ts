import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '../http.ts'

/** What became of requests at a steady rate: how many there were, and what each that went wrong was answered. */
type Account = { sent: number; failed: string[] }

/**
 * Asks so often a second, whatever becomes of what was asked before, until it is stopped; then waits for the last answer.
 * @param isFine what passes as an answer; 2xx when nothing else is said
 */
export function startLoad(
  rate: number,
  ask: (n: number) => Promise<Reply>,
  isFine: (reply: Reply) => boolean = ({ status }) => status >= 200 && status < 300,
): { stop(): Promise<Account> } {
  const failed: string[] = []
  const open = new Set<Promise<void>>()
  let [sent, stopped] = [0, false]
  const one = async (n: number) => {
    try {
      const reply = await ask(n)
      if (!isFine(reply)) failed.push(`${reply.status} ${reply.text.slice(0, 200)}`)
    } catch (error) {
      failed.push(String(error))
    }
  }
  const began = performance.now()
  const running = (async () => {
    while (!stopped) {
      const due = Math.floor(((performance.now() - began) / 1000) * rate)
      while (sent < due) {
        const asked: Promise<void> = one(sent++).finally(() => open.delete(asked))
        open.add(asked)
      }
      await sleep(5)
    }
  })()
  return {
    async stop() {
      stopped = true
      await running
      await Promise.all(open)
      return { sent, failed }
    },
  }
}
