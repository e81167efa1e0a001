import { derive, hmac, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** Which row a seed belongs to, so that nothing sealed for one opens in another. */
export type Place = { id: string; projectId: string }

/** A seed as its row keeps it. */
export type SealedSeed = { seed: Uint8Array; keyVersion: number }

const boundTo = ({ id, projectId }: Place, keyVersion: number) =>
  JSON.stringify(['accounts', 'seed', id, projectId, keyVersion])

const sealingKey = (generation: Uint8Array) => derive(generation, 'account seed')

/**
 * A seed under the newest generation of the instance's key: the service must make codes from it, so whoever has database and
 * master key has it. A statement that meets no such generation any more (23503) seals anew after `world.vault.refresh()`.
 */
export function sealSeed(world: World, place: Place, seed: Uint8Array): SealedSeed {
  const { version, key } = world.vault.newest()
  return { seed: seal(sealingKey(key), seed, boundTo(place, version)), keyVersion: version }
}

/** The seed again. Refuses KEY_MISSING when the generation's key is not here. */
export async function openSeed(world: World, place: Place, { seed, keyVersion }: SealedSeed): Promise<Buffer> {
  return unseal(sealingKey(await world.vault.keyOf(keyVersion)), seed, boundTo(place, keyVersion))
}

/** What tells that a project has this seed already. Keyed, and another one in each project. */
export const seedDigest = (world: World, projectId: string, seed: Uint8Array): Buffer =>
  hmac(derive(world.keys.pepper, 'account seed digest', Buffer.from(projectId)), seed)
