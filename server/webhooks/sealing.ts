import { derive, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** Which row and column something sealed belongs to, so that nothing opens in the place of another. */
export type Place = { id: string; projectId: string; column: 'url' | 'secret' | 'previous_secret' }

const boundTo = ({ id, projectId, column }: Place, generation: number) =>
  JSON.stringify(['webhooks', column, id, projectId, generation])

const keyOf = (generation: Uint8Array) => derive(generation, 'webhook')

/** A text under the newest generation of the instance's key; all that a row has sealed is under one generation. */
export function sealText(world: World, place: Place, text: string): { sealed: Buffer; generation: number } {
  const { version, key } = world.vault.newest()
  return { sealed: seal(keyOf(key), Buffer.from(text), boundTo(place, version)), generation: version }
}

/** The text again. Refuses KEY_MISSING when the generation's key is not here. */
export async function openText(world: World, place: Place, sealed: Uint8Array, generation: number): Promise<string> {
  return unseal(keyOf(await world.vault.keyOf(generation)), sealed, boundTo(place, generation)).toString()
}

/** The same text under generation `to`. Refuses KEY_MISSING. */
export async function reseal(world: World, place: Place, sealed: Uint8Array, generation: number, to: number) {
  const text = await openText(world, place, sealed, generation)
  return seal(keyOf(await world.vault.keyOf(to)), Buffer.from(text), boundTo(place, to))
}
