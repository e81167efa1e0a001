import { derive, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** Which row a text belongs to, so that nothing sealed for one opens in another. */
export type Place = { id: string; projectId: string }

/** A text as its row keeps it. */
export type SealedText = { sealed: Uint8Array; generation: number }

const boundTo = ({ id, projectId }: Place, generation: number) =>
  JSON.stringify(['kept_secrets', 'sealed', id, projectId, generation])

const keyOf = (generation: Uint8Array) => derive(generation, 'release-only secret')

/**
 * A text under the newest generation of the instance's key alone: the service must open it whenever people said yes. A
 * statement that meets no such generation any more (23503) seals anew after `world.vault.refresh()`.
 */
export function sealText(world: World, place: Place, text: string): SealedText {
  const { version, key } = world.vault.newest()
  return { sealed: seal(keyOf(key), Buffer.from(text), boundTo(place, version)), generation: version }
}

/** The text again. Refuses KEY_MISSING when the generation's key is not here. */
export async function openText(world: World, place: Place, { sealed, generation }: SealedText): Promise<string> {
  return unseal(keyOf(await world.vault.keyOf(generation)), sealed, boundTo(place, generation)).toString()
}

/** The same text under generation `to`, for its row. Refuses KEY_MISSING. */
export async function resealText(world: World, place: Place, was: SealedText, to: number): Promise<Uint8Array> {
  const text = await openText(world, place, was)
  return seal(keyOf(await world.vault.keyOf(to)), Buffer.from(text), boundTo(place, to))
}
