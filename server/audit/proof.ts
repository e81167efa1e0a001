import type { InstanceKeys } from '../instance.ts'
import { sha256 } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { type Head, headAfter, leafOf, macOf, type RowTexts, signerOf } from './chain.ts'
import { dropOf } from './drop.ts'
import { headOf, rowsOf, type SealRow, sealsOf } from './rows.ts'

/** What is wrong, and at which seal; null: behind the last one, or with the chain as a whole. */
export type Fault = { seal: number | null; sentence: string }

/** What a walk over a whole chain found. */
export type Proof = {
  verdict: 'intact' | 'tampered' | 'empty'
  sealed: number
  unsealed: number
  dropped: number
  seals: number
  faults: Fault[]
}

export type AuditKeys = Pick<InstanceKeys, 'audit' | 'signing'>

/** Faults that are told one by one; what follows the first of them is rarely news. */
const mostFaults = 100

const differ = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) !== 0

/** What is wrong with a seal's own words, given the seal before it. */
function faultsOfSeal(keys: AuditKeys, seal: SealRow, last: SealRow | undefined): string[] {
  const { number } = seal
  const faults: string[] = []
  if (number !== (last?.number ?? 0) + 1)
    faults.push(`Seal ${number} follows seal ${last?.number ?? 0}: seals between them are gone.`)
  if (seal.from_tick !== (last?.to_tick ?? 0) || seal.to_tick < seal.from_tick)
    faults.push(`Seal ${number} does not begin where the one before it ended.`)
  if (seal.total !== (last?.total ?? 0) + seal.rows) faults.push(`Seal ${number} counts its entries wrong.`)
  if (differ(headAfter(last?.head, seal), seal.head))
    faults.push(`The head of seal ${number} is not the hash of what it covers.`)
  const signer = signerOf(keys.signing)
  if (!signer.holds(headOf(seal, signer))) faults.push(`The signature of seal ${number} is not ours.`)
  return faults
}

/** What is wrong with the rows that were found in a seal's range. */
function faultsOfRows(seal: SealRow, rows: readonly RowTexts[], dropped: boolean): string[] {
  const { number } = seal
  if (dropped)
    return rows.length === 0 ? [] : [`Seal ${number} was dropped by the retention, and entries are in its range.`]
  if (rows.length !== seal.rows)
    return [`Seal ${number} covers ${seal.rows} entries, and ${rows.length} are there: some were deleted or put in.`]
  if (differ(sha256(Buffer.concat(rows.map(leafOf))), seal.digest))
    return [`The entries of seal ${number} are not the ones that were sealed: changed, swapped or in another order.`]
  return []
}

/**
 * Walks the chain of a project in the transaction's state: every row's MAC, every seal's rows, hash, place and signature,
 * the rows that are not sealed yet, and the heads that somebody kept. Without a kept head nobody can tell a chain whose
 * last seals were deleted with their rows from one that ends there.
 */
export async function prove(tx: Sql, keys: AuditKeys, projectId: string, kept: readonly Head[]): Promise<Proof> {
  const faults: Fault[] = []
  const tell = (seal: number | null, sentences: readonly string[]) =>
    void faults.push(...sentences.map((sentence) => ({ seal, sentence })).slice(0, mostFaults - faults.length))
  const drop = await dropOf(tx, keys, projectId)
  const wanted = new Map(kept.map((head) => [head.number, '']))
  const rows = rowsOf(tx, projectId)
  let row = (await rows.next()).value
  // Rows from before there were MACs were all stamped by one migration, and stand first.
  const bareTick = row?.mac.length === 0 ? row.tick : undefined
  const judge = (one: RowTexts, seal: number | null) => {
    if (seal === 1 && one.mac.length === 0 && one.tick === bareTick) return
    if (differ(macOf(keys.audit, one), one.mac)) tell(seal, [`Entry ${one.id} is not what the service wrote.`])
  }
  let last: SealRow | undefined
  for await (const seal of sealsOf(tx, projectId)) {
    const covered: RowTexts[] = []
    for (; row && Number(row.tick) < seal.to_tick; row = (await rows.next()).value) {
      judge(row, seal.number)
      covered.push(row)
    }
    const isDropped = drop !== undefined && seal.number <= drop.through
    tell(seal.number, [...faultsOfSeal(keys, seal, last), ...faultsOfRows(seal, covered, isDropped)])
    if (seal.number === drop?.through && seal.total !== drop.rows)
      tell(seal.number, [
        `The retention dropped ${drop.rows} entries up to seal ${seal.number}, which counts ${seal.total}.`,
      ])
    if (wanted.has(seal.number)) wanted.set(seal.number, Buffer.from(seal.head).toString('hex'))
    last = seal
  }
  let unsealed = 0
  for (; row; row = (await rows.next()).value) {
    judge(row, null)
    unsealed++
  }
  tell(null, faultsOfKept(keys, kept, wanted, last?.number ?? 0))
  const [seals, dropped] = [last?.number ?? 0, drop?.rows ?? 0]
  const verdict = faults.length > 0 ? 'tampered' : seals + unsealed === 0 ? 'empty' : 'intact'
  return { verdict, sealed: (last?.total ?? 0) - dropped, unsealed, dropped, seals, faults }
}

/** What heads that were kept outside of the database say of it. */
function faultsOfKept(
  keys: AuditKeys,
  kept: readonly Head[],
  found: ReadonlyMap<number, string>,
  seals: number,
): string[] {
  return kept.flatMap((head) => {
    if (!signerOf(keys.signing).holds(head))
      return [`A head of seal ${head.number} that was kept is not signed by this instance.`]
    if (head.number > seals)
      return [`Seal ${head.number} was kept elsewhere, and the log ends with seal ${seals}: its end was deleted.`]
    if (found.get(head.number) !== head.head)
      return [`The head of seal ${head.number} is not the one that was kept elsewhere.`]
    return []
  })
}

/** The same in a transaction of its own that sees one state, however long it takes. */
export const proveNow = (sql: Sql, keys: AuditKeys, projectId: string, kept: readonly Head[]): Promise<Proof> =>
  atomically(sql, async (tx) => {
    await tx`set transaction isolation level repeatable read, read only`
    return prove(tx, keys, projectId, kept)
  })
