import { derive, seal, unseal } from '../lib/crypto.ts'
import type { World } from '../world.ts'

/** Where a channel is. The URL of an incoming webhook is a credential, and so is the token. */
export type Target = { address: string; token: string | null }

/** What of a channel's row it takes to open its address. */
export type SealedTarget = { id: string; project_id: string; address: Uint8Array; generation: number }

const boundTo = (what: string, ids: readonly string[], generation: number) =>
  JSON.stringify(['channels', what, ...ids, generation])

const keyOf = async (world: World, generation: number) =>
  derive(await world.vault.keyOf(generation), 'channel addresses')

/**
 * An address under the newest generation of the instance's key: the service must send there at any hour. A statement that
 * meets no such generation any more (23503) seals anew after `world.vault.refresh()`.
 */
export function sealTarget(world: World, place: { id: string; project_id: string }, target: Target) {
  const { version, key } = world.vault.newest()
  const bound = boundTo('address', [place.id, place.project_id], version)
  const address = seal(derive(key, 'channel addresses'), Buffer.from(JSON.stringify(target)), bound)
  return { address, generation: version }
}

/** The address again. Refuses KEY_MISSING when the generation's key is not here. */
export async function openTarget(world: World, row: SealedTarget): Promise<Target> {
  const bound = boundTo('address', [row.id, row.project_id], row.generation)
  const plain = unseal(await keyOf(world, row.generation), row.address, bound)
  return JSON.parse(plain.toString()) as Target // sealed by us
}

/** The same address under another generation. Refuses KEY_MISSING. */
export async function resealTarget(world: World, row: SealedTarget, to: number): Promise<Buffer> {
  const bound = boundTo('address', [row.id, row.project_id], to)
  return seal(await keyOf(world, to), Buffer.from(JSON.stringify(await openTarget(world, row))), bound)
}

/** How a service calls a message of ours, under the generation of its channel: who knows it can name the message. */
export async function sealReference(
  world: World,
  channelId: string,
  approvalId: string,
  generation: number,
  name: string,
) {
  return seal(
    await keyOf(world, generation),
    Buffer.from(name),
    boundTo('message', [channelId, approvalId], generation),
  )
}

/** The name again; undefined when it was sealed under a generation that the channel has no more: nothing follows on it then. */
export async function openReference(
  world: World,
  channelId: string,
  approvalId: string,
  generation: number,
  sealed: Uint8Array,
): Promise<string | undefined> {
  const key = await keyOf(world, generation)
  try {
    return unseal(key, sealed, boundTo('message', [channelId, approvalId], generation)).toString()
  } catch {
    return undefined
  }
}
