import { refuse } from '../shared/errors.ts'
import { derive, seal, unseal } from './lib/crypto.ts'
import type { Sql } from './lib/driver/connect.ts'

/** One generation of the key that rows are sealed under. */
export type Generation = { version: number; key: Uint8Array }

/**
 * The instance's sealing keys. Unlike the pepper they can change: rotating the master key makes a new generation, rows are
 * sealed anew under it, and the old one goes when no row names it (a foreign key sees to that).
 */
export type Vault = {
  /** What is sealed now is sealed under this. A statement that meets no such generation (23503) asks `refresh` for the newest. */
  newest(): Generation
  /** The key of a generation that a row names; read anew when it is not known here. Refuses KEY_MISSING. */
  keyOf(version: number): Promise<Uint8Array>
  /** The generations whose keys are here, for statements that must know before they commit what can be opened after. */
  known(): readonly number[]
  /** Reads the generations anew; answers those that stay closed to this process: it lacks their master key. */
  refresh(): Promise<readonly number[]>
}

const boundOf = (version: number) => `instance_keys ${version}`

/** A generation's key as it is stored: under the master key. */
export const wrapGeneration = (master: Uint8Array, { version, key }: Generation): Buffer =>
  seal(derive(master, 'wrap generation'), key, boundOf(version))

/** A generation's key, by whichever of these master keys it is under. */
export function unwrapGeneration(
  masters: readonly Uint8Array[],
  version: number,
  wrapped: Uint8Array,
): Uint8Array | undefined {
  for (const master of masters)
    try {
      return unseal(derive(master, 'wrap generation'), wrapped, boundOf(version))
    } catch {
      // Under another master key: the next one.
    }
  return undefined
}

/** Reads the generations; those under a master key that this process was not given stay closed to it. */
export async function openVault(sql: Sql, masters: readonly Uint8Array[]): Promise<Vault> {
  // Never forgets: a row that was read before a rotation ended is opened after it.
  const known = new Map<number, Uint8Array>()
  let newest = 0
  const refresh = async () => {
    const rows = await sql<
      { generation: number; wrapped: Uint8Array }[]
    >`select generation, wrapped from instance_keys order by generation`
    for (const { generation, wrapped } of rows) {
      const key = known.get(generation) ?? unwrapGeneration(masters, generation, wrapped)
      if (key) known.set(generation, key)
    }
    const standing = rows.map(({ generation }) => generation)
    newest = Math.max(0, ...standing.filter((generation) => known.has(generation)))
    return standing.filter((generation) => !known.has(generation))
  }
  await refresh()
  return {
    refresh,
    newest() {
      const key = known.get(newest)
      return key ? { version: newest, key } : refuse('KEY_MISSING')
    },
    async keyOf(version) {
      if (!known.has(version)) await refresh()
      return known.get(version) ?? refuse('KEY_MISSING')
    },
    known: () => [...known.keys()],
  }
}
