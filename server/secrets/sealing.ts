import { randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { refuse } from '../../shared/errors.ts'
import { derive, hmac, seal, unseal } from '../lib/crypto.ts'
import { publicHalf, sharedOnce, sharedWith } from '../lib/exchange.ts'
import type { World } from '../world.ts'

/**
 * How a secret is kept. A random key of its own (the data key) seals the text. The data key is wrapped under what only the
 * link's holder can make (`Opener`), and again under the key of its epoch and the instance's sealing key together. So
 * neither database and server without the link, nor the link without either of the others, opens anything.
 */

/** Which row, so that nothing sealed for one opens in another place. */
export type Place = { id: string; projectId: string }

/** What the holder of the link makes: from `secret_key`, and the passphrase when there is one. */
export type Opener = Uint8Array

const boundTo = ({ id, projectId }: Place, column: string, ...more: unknown[]) =>
  JSON.stringify(['secrets', column, id, projectId, ...more])

/** How keys of links are stored and found. */
export const secretDigest = (world: World, secretKey: string): Buffer =>
  hmac(world.keys.pepper, `secret link ${secretKey}`)

export const metadataDigest = (world: World, metadataKey: string): Buffer =>
  hmac(world.keys.pepper, `secret receipt ${metadataKey}`)

/** argon2id as OWASP's password storage sheet sets it, like the PIN's. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }

export const newSalt = (): Buffer => randomBytes(16)

/** Opens what was sealed for a link; a wrong passphrase makes another opener. */
export async function linkOpener(
  { id }: Place,
  secretKey: string,
  given?: { passphrase: string; salt: Uint8Array },
): Promise<Opener> {
  const stretched = given
    ? await hashRaw(given.passphrase, { ...cost, salt: Buffer.from(given.salt) })
    : Buffer.alloc(0)
  return derive(Buffer.concat([Buffer.from(secretKey), stretched]), 'secret opener', Buffer.from(id))
}

const exchangeSeed = (secretKey: string) => derive(Buffer.from(secretKey), 'ask x25519')

/** The public half that an ask keeps, so that its answer can be sealed for the holder of `secretKey` alone. */
export const askPublicKey = (secretKey: string): Buffer => publicHalf(exchangeSeed(secretKey))

/** Seals an answer for who asked; `ephemeral` goes into the row. */
export function answerOpener({ id }: Place, askKey: Uint8Array): { opener: Opener; ephemeral: Buffer } {
  const { publicHalf: ephemeral, shared } = sharedOnce(askKey)
  return { opener: derive(shared, 'answer opener', Buffer.from(id)), ephemeral }
}

/** Opens an answer, for the holder of the ask's `secret_key`. */
export const askerOpener = ({ id }: Place, secretKey: string, ephemeral: Uint8Array): Opener =>
  derive(sharedWith(exchangeSeed(secretKey), ephemeral), 'answer opener', Buffer.from(id))

/** What wraps the keys of a row: its epoch's key and the instance's together. Refuses KEY_MISSING when either is not here. */
async function wrapper(world: World, epochId: string, keyVersion: number): Promise<Buffer> {
  const epochKey = world.keyring.read(epochId) ?? refuse('KEY_MISSING')
  return derive(epochKey, 'secret wrapper', await world.vault.keyOf(keyVersion))
}

/** Which wrapped key of a row it is. */
export type KeyColumn = 'data_key' | 'replay_key' | 'upload_key' | 'ticket_key'

/** Where wrapped keys of a row stand: its place, and what wraps them. */
export type Wrapped = Place & { epochId: string; keyVersion: number }

/** A data key under an opener, and under epoch and instance. */
export async function wrapKey(world: World, at: Wrapped, column: KeyColumn, opener: Opener, dataKey: Uint8Array) {
  const inner = seal(opener, dataKey, boundTo(at, column))
  return seal(await wrapper(world, at.epochId, at.keyVersion), inner, boundTo(at, column, at.keyVersion))
}

/** The data key again; undefined when the opener is another one. Refuses KEY_MISSING when a key of ours is not here. */
export async function unwrapKey(
  world: World,
  at: Wrapped,
  column: KeyColumn,
  opener: Opener,
  wrapped: Uint8Array,
): Promise<Buffer | undefined> {
  const inner = unseal(await wrapper(world, at.epochId, at.keyVersion), wrapped, boundTo(at, column, at.keyVersion))
  try {
    return unseal(opener, inner, boundTo(at, column))
  } catch {
    return undefined
  }
}

/** The same wrapped key under another generation of the instance's key; the link is not needed. */
export async function rewrapKey(
  world: World,
  at: Wrapped,
  column: KeyColumn,
  wrapped: Uint8Array,
  keyVersion: number,
): Promise<Buffer> {
  const inner = unseal(await wrapper(world, at.epochId, at.keyVersion), wrapped, boundTo(at, column, at.keyVersion))
  return seal(await wrapper(world, at.epochId, keyVersion), inner, boundTo(at, column, keyVersion))
}

export const newDataKey = (): Buffer => randomBytes(32)

/** The text, or a part of the file, under the data key. */
export const sealContent = (place: Place, dataKey: Uint8Array, content: Uint8Array, part?: number): Buffer =>
  seal(derive(dataKey, 'content'), content, boundTo(place, 'content', part))

export const openContent = (place: Place, dataKey: Uint8Array, sealed: Uint8Array, part?: number): Buffer =>
  unseal(derive(dataKey, 'content'), sealed, boundTo(place, 'content', part))

/** A text that a repeated request is shown again, under epoch and instance alone: it dies with the secret. */
export const sealShown = async (world: World, at: Wrapped, text: string): Promise<Buffer> =>
  seal(await wrapper(world, at.epochId, at.keyVersion), Buffer.from(text), boundTo(at, 'shown'))

export const openShown = async (world: World, at: Wrapped, sealed: Uint8Array): Promise<string> =>
  unseal(await wrapper(world, at.epochId, at.keyVersion), sealed, boundTo(at, 'shown')).toString()

/** `secret_key` as the receipt can show it again: under the receipt's own key, which only its holder brings. */
export const sealSecretKey = (place: Place, metadataKey: string, secretKey: string): Buffer =>
  seal(derive(Buffer.from(metadataKey), 'secret key'), Buffer.from(secretKey), boundTo(place, 'secret_key'))

export const openSecretKey = (place: Place, metadataKey: string, sealed: Uint8Array): string =>
  unseal(derive(Buffer.from(metadataKey), 'secret key'), sealed, boundTo(place, 'secret_key')).toString()

const recentKey = (world: World, apiKey: string) => derive(world.keys.receipts, 'metadata key', Buffer.from(apiKey))

/** `metadata_key` as `recent` can show it again: under the instance's key and the text of the API key that made it. */
export const sealMetadataKey = (world: World, place: Place, apiKey: string, metadataKey: string): Buffer =>
  seal(recentKey(world, apiKey), Buffer.from(metadataKey), boundTo(place, 'metadata_key'))

export const openMetadataKey = (world: World, place: Place, apiKey: string, sealed: Uint8Array): string =>
  unseal(recentKey(world, apiKey), sealed, boundTo(place, 'metadata_key')).toString()

/** An address to tell, sealed under the instance's key: the service itself must be able to read it. */
export const sealNotify = (world: World, place: Place, address: string): Buffer =>
  seal(world.keys.receipts, Buffer.from(address), boundTo(place, 'notify'))

export const openNotify = (world: World, place: Place, sealed: Uint8Array): string =>
  unseal(world.keys.receipts, sealed, boundTo(place, 'notify')).toString()
