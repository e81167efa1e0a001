import { mostImported } from '../../shared/contract/account-moves.ts'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { seedOf } from '../lib/totp.ts'
import { atomically } from '../lib/transaction.ts'
import { once } from '../once.ts'
import type { Verb } from '../verb.ts'
import { type AccountWish, addAccounts } from './adding.ts'
import { type Judged, judge, type Line, readLines } from './importing.ts'
import { type Asker, mustStayInReach } from './reach.ts'
import { withNewestKey } from './sealing.ts'

type Choice = { tags: readonly string[]; duplicates: 'skip' | 'add' }

/** A line that is added: its account, and where in the list it stands. */
const wishOf = ({ read }: Line, tags: readonly string[]): AccountWish | undefined => {
  if ('fault' in read) return undefined
  const { secret, ...account } = read
  return { ...account, tags, seed: seedOf(secret) }
}

function mustBeWithoutFault(lines: readonly Line[]): void {
  const issues = lines.flatMap(({ line, read }) =>
    'fault' in read ? [{ path: `uris.${line - 1}`, message: read.fault }] : [],
  )
  const [first] = issues
  if (first) refuse('INVALID_INPUT', { issues, sentence: `Nothing was added. ${first.path}: ${first.message}` })
}

/** Adds what is not left out and answers the lines with the ids of what was added. */
async function add(tx: Sql, ctx: Ctx<Asker>, lines: readonly Line[], { tags, duplicates }: Choice): Promise<Judged[]> {
  const { projectId } = ctx.actor
  // Two imports of one list at once: the second looks when the first is done, and finds duplicates.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`accounts.import ${projectId}`}, 0))`
  const judged = await judge(tx, ctx, lines)
  const taken = judged.flatMap(({ status }, at) => (status === 'new' || duplicates === 'add' ? [at] : []))
  const wishes = taken.flatMap((at) => {
    const line = lines[at]
    return (line && wishOf(line, tags)) ?? []
  })
  if (wishes.length === 0) return judged
  const ids = await addAccounts(tx, ctx, wishes)
  await record(tx, ctx, {
    name: 'account.imported',
    projectId,
    target: ids.length === 1 ? `account:${ids[0]}` : `project:${projectId}`,
    payload: { account_ids: ids },
  })
  const idAt = new Map(taken.map((at, nth) => [at, ids[nth] ?? null]))
  return judged.map((one, at) => ({ ...one, id: idAt.get(at) ?? null }))
}

/** Imports what other apps export: all of it or nothing, or with `dry_run` only says what would become of each line. */
export const importMany: Verb<typeof contract.accounts.import> = async (ctx, { uris, dry_run, ...choice }) => {
  const { lines, missing } = readLines(uris)
  if (lines.length > mostImported)
    refuse('INVALID_INPUT', {
      issues: [{ path: 'uris', message: `Holds ${lines.length} accounts; at most ${mostImported} at once.` }],
      sentence: `At most ${mostImported} accounts at once; these are ${lines.length}.`,
    })
  mustStayInReach(ctx.actor, choice.tags)
  const answer = (items: Judged[]) => ({
    items,
    added: items.filter(({ id }) => id !== null).length,
    missing_parts: missing,
  })
  if (dry_run) return answer(await judge(ctx.world.db.sql, ctx, lines))
  mustBeWithoutFault(lines)
  return withNewestKey(ctx.world, () =>
    once(ctx, 'accounts.import', (sql) => atomically(sql, async (tx) => answer(await add(tx, ctx, lines, choice)))),
  )
}
