import { z } from 'zod'
import { type Answer, ofApproval, ofPermission } from './answer.ts'
import type { Desk } from './tool.ts'

/** Seconds: less than the minute after which MCP clients give a call up. */
const most = 50

/** Milliseconds between two notices that it still waits. */
const between = 5000

export const waitSeconds = z
  .number()
  .int()
  .min(0)
  .max(most)
  .default(most)
  .meta({ description: 'Seconds to wait for the answer before this returns, answered or not.' })

/**
 * The request as it stands once it is answered, or when the seconds are over: whoever is not answered asks again. They count
 * from `began` (of performance.now), so that asking and waiting together end before the client gives up.
 */
export async function untilAnswered(
  desk: Desk,
  handle: string,
  seconds: number,
  began = performance.now(),
): Promise<Answer> {
  const gone = () => Math.min(seconds, Math.round((performance.now() - began) / 1000))
  const tell = () => desk.progress?.(gone(), seconds)
  const timer = setInterval(tell, between)
  if (seconds > 0) tell()
  try {
    const answer = await read(desk, handle, seconds - gone())
    if (answer.status !== 'pending') await desk.shown(handle)
    return answer
  } finally {
    clearInterval(timer)
  }
}

async function read({ call, signal }: Desk, handle: string, seconds: number): Promise<Answer> {
  const [kind, id = ''] = handle.split(':')
  const wait = seconds === 0 ? {} : { wait: seconds }
  if (kind === 'permission') return ofPermission(await call('permissions.get', { id, ...wait }, signal))
  return ofApproval(await call('approvals.get', { approval_id: id, ...wait }, signal))
}
