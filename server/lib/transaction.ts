import type { Sql } from './driver/connect.ts'

/** Runs work as one transaction: within the one that `sql` is already, or else in one of its own. */
export async function atomically<Answer>(sql: Sql, work: (tx: Sql) => Promise<Answer>): Promise<Answer> {
  // Only a transaction's client can make savepoints; it is a client but for opening connections.
  if ('savepoint' in sql) return work(sql)
  const answer = await sql.begin((tx) => work(tx as unknown as Sql))
  return answer as Answer // begin() wraps the type for arrays of queries, which this is not
}
