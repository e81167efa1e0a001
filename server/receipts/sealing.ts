import { derive, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** The private half of a signing key, as its row keeps it. */
export type SealedSeed = { sealed: Uint8Array; generation: number }

const boundTo = (kid: string, generation: number) => JSON.stringify(['signing_keys', 'sealed', kid, generation])

const keyOf = (generation: Uint8Array) => derive(generation, 'receipt signing key')

/** A private half under the newest generation of the instance's key, for the row of its `kid`. */
export function sealSeed(world: World, kid: string, seed: Uint8Array): SealedSeed {
  const { version, key } = world.vault.newest()
  return { sealed: seal(keyOf(key), seed, boundTo(kid, version)), generation: version }
}

/** The private half again. Refuses KEY_MISSING when the generation's key is not here. */
export async function openSeed(world: World, kid: string, { sealed, generation }: SealedSeed): Promise<Buffer> {
  return unseal(keyOf(await world.vault.keyOf(generation)), sealed, boundTo(kid, generation))
}

/** The same private half under another generation, for its row. Refuses KEY_MISSING. */
export async function resealSeed(world: World, kid: string, row: SealedSeed, to: number): Promise<Uint8Array> {
  const seed = await openSeed(world, kid, row)
  return seal(keyOf(await world.vault.keyOf(to)), seed, boundTo(kid, to))
}
