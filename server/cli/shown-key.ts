import type { KeyRow } from '../keys/key.ts'

/** A key's row as the command line prints it in JSON; times in ISO 8601, never the key's text. */
export const shownKey = (row: KeyRow) => ({
  id: row.id,
  project_id: row.project_id,
  name: row.name,
  description: row.description,
  hint: `${row.prefix}…${row.last4}`,
  scopes: row.scopes,
  key_paths: row.key_paths,
  account_tags: row.account_tags,
  ip_allowlist: row.ip_allowlist,
  transports: row.transports,
  logging: row.logging,
  logging_until: row.logging === 'none' ? null : row.logging_until,
  env: row.env,
  status: row.status,
  created_at: row.created_at,
  expires_at: row.expires_at,
  revoked_at: row.revoked_at,
  last_used_at: row.used_at,
  agent_id: row.agent_id,
  replaced_by: row.replaced_by,
  alerts: row.alerts,
})
