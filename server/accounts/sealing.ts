import { derive, hmac, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** Which row a seed belongs to, so that nothing sealed for one opens in another. */
export type Place = { id: string; projectId: string }

/** A seed as its row keeps it. */
export type SealedSeed = { seed: Uint8Array; keyVersion: number }

const boundTo = ({ id, projectId }: Place, keyVersion: number) =>
  JSON.stringify(['accounts', 'seed', id, projectId, keyVersion])

/** Derived once for each generation: it takes longer than all else that a code does, and a page asks for fifty at once. */
const sealingKeys = new WeakMap<Uint8Array, Buffer>()

function sealingKey(generation: Uint8Array): Buffer {
  const key = sealingKeys.get(generation) ?? derive(generation, 'account seed')
  sealingKeys.set(generation, key)
  return key
}

/**
 * A seed under the newest generation of the instance's key: the service must make codes from it, so whoever has database and
 * master key has it. A statement that meets no such generation any more (23503) seals anew after `world.vault.refresh()`.
 */
export function sealSeed(world: World, place: Place, seed: Uint8Array): SealedSeed {
  const { version, key } = world.vault.newest()
  return { seed: seal(sealingKey(key), seed, boundTo(place, version)), keyVersion: version }
}

/**
 * Runs what stores a seed; once more when the generation that it was sealed under went meanwhile. A transaction is failed by
 * then, so that it is begun anew.
 */
export async function withNewestKey<Answer>(world: World, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === '23503')) throw thrown
    await world.vault.refresh()
    return work()
  }
}

/** The seed again. Refuses KEY_MISSING when the generation's key is not here. */
export async function openSeed(world: World, place: Place, { seed, keyVersion }: SealedSeed): Promise<Buffer> {
  return unseal(sealingKey(await world.vault.keyOf(keyVersion)), seed, boundTo(place, keyVersion))
}

/** The same seed under another generation, for its row. Refuses KEY_MISSING. */
export async function resealSeed(world: World, place: Place, sealed: SealedSeed, to: number): Promise<Uint8Array> {
  const seed = await openSeed(world, place, sealed)
  return seal(sealingKey(await world.vault.keyOf(to)), seed, boundTo(place, to))
}

/** What tells that a project has this seed already. Keyed, and another one in each project. */
export const seedDigest = (world: World, projectId: string, seed: Uint8Array): Buffer =>
  hmac(derive(world.keys.pepper, 'account seed digest', Buffer.from(projectId)), seed)
