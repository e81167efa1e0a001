import { lchownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './account.ts'

/** Gives a whole directory to the account (links themselves, not what they lead to). */
export function ownedBy(account: Account, dir: string): void {
  if (!account) return
  lchownSync(dir, account.uid, account.gid)
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(dir, name), account.uid, account.gid)
  }
}
