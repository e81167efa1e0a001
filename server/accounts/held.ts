import type { Sql } from '../lib/driver/connect.ts'
import { type AccountRow, findAccount } from './account.ts'
import type { Asker } from './reach.ts'

/**
 * An account that the asker may use, which nobody changes until the transaction ends, and the grant that lets them neither:
 * a right is held while it is used. Refuses NOT_FOUND.
 */
export async function holdAccount(tx: Sql, asker: Asker, id: string): Promise<AccountRow> {
  await tx`select from accounts where id = ${id} and project_id = ${asker.projectId} for no key update`
  const found = await findAccount(tx, asker, id)
  if (found.grant_id === null) return found
  await tx`select from account_grants where id = ${found.grant_id} for share`
  // It may have been revoked while this waited.
  return findAccount(tx, asker, id)
}
