import type { z } from 'zod'
import type { auditRow } from '../../shared/contract/audit.ts'

type Entry = z.input<typeof auditRow>

const header = [
  ...['id', 'at', 'action', 'actor_type', 'actor_id', 'actor_name', 'target'],
  ...['context', 'ip', 'user_agent', 'request_id', 'seal'],
]

/** A cell (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe, which it shows as text. */
function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const safe = /^[\s\p{Cc}]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe
}

const line = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(',')}\r\n`

/** The first line. */
export const csvHeader = line(header)

/** An entry as a line; `context` is JSON. */
export const csvLine = ({ actor, context, ...entry }: Entry): string =>
  line([
    ...[entry.id, entry.at, entry.action, actor.type, actor.id, actor.name, entry.target],
    ...[JSON.stringify(context), entry.ip, entry.user_agent, entry.request_id, entry.seal],
  ])
