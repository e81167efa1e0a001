import type { z } from 'zod'
import type { importedLine } from '../../shared/contract/account.ts'
import { type Otpauth, parseOtpauth } from '../../shared/otpauth.ts'
import type { Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { seedOf } from '../lib/totp.ts'
import { isMigration, type Migrated, readMigration } from './migration.ts'
import { type Asker, reached } from './reach.ts'
import { seedDigest } from './sealing.ts'

/** One account of what is imported, or why there is none; `line` from 1. */
export type Line = { line: number; read: Migrated }

/** What is told about a line. */
export type Judged = z.input<typeof importedLine>

const nobody = { name: null, issuer: null }

/** Pictures of each export that are not among these, as `2 of 3`. */
function partsMissing(batches: readonly { id: number; size: number; index: number }[]): string[] {
  const exports = new Map<string, Set<number>>()
  for (const { id, size, index } of batches) {
    const key = `${id} ${size}`
    exports.set(key, (exports.get(key) ?? new Set()).add(index))
  }
  return [...exports].flatMap(([key, seen]) => {
    const size = Number(key.split(' ')[1])
    return Array.from({ length: size }, (_, at) => (seen.has(at) ? [] : [`${at + 1} of ${size}`])).flat()
  })
}

/** Reads what was sent: each address one account, each picture of an export several. */
export function readLines(uris: readonly string[]): { lines: Line[]; missing: string[] } {
  const batches: { id: number; size: number; index: number }[] = []
  const lines = uris.flatMap((uri, at): Line[] => {
    const line = at + 1
    if (!isMigration(uri)) {
      const read = parseOtpauth(uri)
      return [{ line, read: 'fault' in read ? { ...read, ...nobody } : read }]
    }
    const migration = readMigration(uri)
    if ('fault' in migration) return [{ line, read: { ...migration, ...nobody } }]
    batches.push(migration.batch)
    return migration.accounts.map((read) => ({ line, read }))
  })
  return { lines, missing: partsMissing(batches) }
}

type Known = { digest: string; name: string | null; issuer: string | null }

/** The seeds among these that the project has; named only when whoever asks may use one of the accounts that have it. */
async function known(sql: Sql, asker: Asker, digests: readonly string[]): Promise<Map<string, Known>> {
  const rows = await sql<Known[]>`
    select distinct on (a.seed_digest) encode(a.seed_digest, 'hex') as digest, r.name, r.issuer
    from accounts a left join (${reached(sql, asker)}) r on r.id = a.id
    where a.project_id = ${asker.projectId}
      and a.seed_digest in (select decode(one, 'hex') from unnest(${[...digests]}::text[]) as of (one))
    order by a.seed_digest, r.id nulls last`
  return new Map(rows.map((row) => [row.digest, row]))
}

/** How an account is called in a sentence. */
const called = ({ name, issuer }: { name: string | null; issuer: string | null }) =>
  issuer && issuer !== name ? `${issuer}: ${name}` : name

const hereAs = (found: Known) =>
  found.name === null
    ? 'It is here already, as an account that you may not use.'
    : `It is here already, as “${called(found)}”.`

/** Says of each line what would become of it, by what the project has now and by the lines above. */
export async function judge(sql: Sql, { world, actor }: Ctx<Asker>, lines: readonly Line[]): Promise<Judged[]> {
  const digestOf = ({ secret }: Otpauth) => seedDigest(world, actor.projectId, seedOf(secret)).toString('hex')
  const digests = lines.map(({ read }) => ('fault' in read ? null : digestOf(read)))
  const there = await known(
    sql,
    actor,
    digests.flatMap((digest) => digest ?? []),
  )
  const above = new Map<string, number>()
  return lines.map(({ line, read }, at) => {
    const digest = digests[at] ?? ''
    const about = { line, name: read.name, issuer: read.issuer, id: null }
    if ('fault' in read) return { ...about, status: 'error', reason: read.fault }
    const found = there.get(digest)
    const stands = above.get(digest)
    if (stands === undefined) above.set(digest, line)
    if (found) return { ...about, status: 'duplicate', reason: hereAs(found) }
    if (stands !== undefined)
      return { ...about, status: 'duplicate', reason: `It stands above already, in line ${stands}.` }
    return { ...about, status: 'new', reason: null }
  })
}
