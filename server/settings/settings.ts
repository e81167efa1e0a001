import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import type { Sql } from '../lib/driver/connect.ts'

export type Settings = z.output<typeof contract.settings.get.output>

/** The settings of a live project; with `lock` nobody else changes them until the transaction ends. */
export async function readSettings(sql: Sql, projectId: string, lock = false): Promise<Settings> {
  const [row] = await sql<Settings[]>`
    select name, ip_allowlist, requests_days, audit_days, session_idle_minutes, session_hours, remember_days, alert_mail,
      guest_secrets, codes_hidden
    from projects where id = ${projectId} ${lock ? sql`for no key update` : sql``}`
  if (!row) throw new Error('This project has no row any more.')
  return row
}
