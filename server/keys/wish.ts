import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { allows, parseAllowlist } from '../lib/allowlist.ts'

/** Days that bodies are kept at most from one decision on. */
const mostLoggingDays = 7

const issue = (path: string, message: string) => refuse('INVALID_INPUT', { issues: [{ path, message }] })

/**
 * An allowlist as it is stored. Refuses INVALID_INPUT naming each entry that cannot be read, and LOCK_OUT when the address
 * that asks is not in it, unless that was confirmed.
 */
export function allowlistOf(ctx: Ctx, entries: readonly string[] | null, confirmed?: boolean): string[] | null {
  if (entries === null) return null
  const { networks, issues } = parseAllowlist(entries)
  if (issues) return refuse('INVALID_INPUT', { issues })
  if (!confirmed && !allows(networks, ctx.ip)) refuse('LOCK_OUT')
  return networks
}

/** When a key ends. Refuses INVALID_INPUT for what is over already. */
export function endOf(ctx: Ctx, at: string | null): Date | null {
  if (at === null) return null
  const end = new Date(at)
  return end > ctx.world.clock.now() ? end : issue('expires_at', 'Must be in the future.')
}

/** Until when bodies are kept; null: as long as usual. Refuses INVALID_INPUT for the past, and for more than a week. */
export function loggingEndOf(ctx: Ctx, at: string | null | undefined): Date | null {
  if (at === null || at === undefined) return null
  const [end, now] = [new Date(at), ctx.world.clock.now()]
  if (end <= now) return issue('logging_until', 'Must be in the future.')
  const latest = now.getTime() + mostLoggingDays * 86_400_000
  return end.getTime() <= latest ? end : issue('logging_until', `Must be at most ${mostLoggingDays} days ahead.`)
}
