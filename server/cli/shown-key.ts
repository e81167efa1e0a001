import type { KeyRow } from '../keys/key.ts'

/** A key's row as the command line prints it in JSON; times in ISO 8601, never the key's text. */
export const shownKey = (row: KeyRow) => ({
  id: row.id,
  project_id: row.project_id,
  name: row.name,
  hint: `${row.prefix}…${row.last4}`,
  scopes: row.scopes,
  key_paths: row.key_paths,
  transports: row.transports,
  created_at: row.created_at,
  expires_at: row.expires_at,
  revoked_at: row.revoked_at,
})
