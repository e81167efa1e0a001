import { derive, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** What a browser gave: where its push service takes messages for it, and the keys that they are encrypted to (RFC 8291). */
export type Browser = { endpoint: string; keys: { p256dh: string; auth: string } }

type Sealed = { id: string; sealed: Uint8Array; generation: number }

const boundTo = (id: string, generation: number) => JSON.stringify(['push_subscriptions', 'sealed', id, generation])

const keyOf = async (world: World, generation: number) => derive(await world.vault.keyOf(generation), 'push browser')

/** A browser under the newest generation of the instance's key. */
export function sealBrowser(world: World, id: string, browser: Browser): Pick<Sealed, 'sealed' | 'generation'> {
  const { version, key } = world.vault.newest()
  const plain = Buffer.from(JSON.stringify(browser))
  return { sealed: seal(derive(key, 'push browser'), plain, boundTo(id, version)), generation: version }
}

/** The browser again. Refuses KEY_MISSING. */
export async function openBrowser(world: World, { id, sealed, generation }: Sealed): Promise<Browser> {
  const plain = unseal(await keyOf(world, generation), sealed, boundTo(id, generation))
  return JSON.parse(plain.toString()) as Browser // sealed by us
}

/** The same under generation `to`. Refuses KEY_MISSING. */
export async function resealBrowser(world: World, row: Sealed, to: number): Promise<Buffer> {
  const plain = Buffer.from(JSON.stringify(await openBrowser(world, row)))
  return seal(await keyOf(world, to), plain, boundTo(row.id, to))
}
