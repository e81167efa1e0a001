import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { withNewestKey } from '../accounts/sealing.ts'
import { canonical } from '../lib/canonical.ts'
import { sha256 } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { perWorld, type World } from '../world.ts'
import { openSeed, type SealedSeed, sealSeed } from './sealing.ts'

/** A public key as `/.well-known/jwks.json` tells it (RFC 8037). */
export type Jwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; use: 'sig'; alg: 'EdDSA' }

/** What signs now. */
export type SigningKey = { kid: string; key: KeyObject }

type Row = SealedSeed & { kid: string; public_key: Uint8Array }

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

/** RFC 7638: the hash of what a key is, so that nobody chooses its name. */
const thumbprint = (x: string): string => base64url(sha256(canonical({ crv: 'Ed25519', kty: 'OKP', x })))

/** Keys that were opened here, by kid: a kid names one key for good, so none goes out of date. */
const known = perWorld(() => ({ secret: new Map<string, KeyObject>(), open: new Map<string, KeyObject>() }))

/** Stores a fresh key as the one that signs. Undefined when another one does: the index lets one. */
async function addKey(world: World, sql: Sql): Promise<string | undefined> {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const kid = thumbprint(x)
  const { sealed, generation } = sealSeed(world, kid, Buffer.from(d, 'base64url'))
  const [made] = await sql`
    insert into signing_keys (kid, public_key, sealed, generation)
    values (${kid}, ${Buffer.from(x, 'base64url')}, ${sealed}, ${generation}) on conflict do nothing returning kid`
  return made && kid
}

async function activeRow(world: World): Promise<Row> {
  const read = () => world.db.sql<Row[]>`
    select kid, public_key, sealed, generation from signing_keys where retired_at is null`
  const [there] = await read()
  if (there) return there
  await withNewestKey(world, () => addKey(world, world.db.sql))
  const [made] = await read()
  if (!made) throw new Error('There is no key to sign with.')
  return made
}

/**
 * The key that signs; made when there is none yet, of racing nodes by one. Asked of the database each time, so that no node
 * signs with a key that was retired before it was asked. Refuses KEY_MISSING.
 */
export async function signingKey(world: World): Promise<SigningKey> {
  const row = await activeRow(world)
  const { kid } = row
  const { secret } = known(world)
  const there = secret.get(kid)
  if (there) return { kid, key: there }
  const d = base64url(await openSeed(world, kid, row))
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(row.public_key), d }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  secret.set(kid, key)
  return { kid, key }
}

/** A published key by its name, of whichever age; undefined: it is none of ours. */
export async function publicKey(world: World, kid: string): Promise<KeyObject | undefined> {
  const { open } = known(world)
  const there = open.get(kid)
  if (there) return there
  const [row] = await world.db.sql<{ public_key: Uint8Array }[]>`
    select public_key from signing_keys where kid = ${kid}`
  if (!row) return undefined
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(row.public_key) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  open.set(kid, key)
  return key
}

/** Every public key, the one that signs first: who has them before the first receipt needs no second look. */
export async function publicKeys(world: World): Promise<Jwk[]> {
  await activeRow(world)
  const rows = await world.db.sql<{ kid: string; public_key: Uint8Array }[]>`
    select kid, public_key from signing_keys order by retired_at desc nulls first, kid`
  return rows.map(({ kid, public_key }) => ({
    ...{ kty: 'OKP', crv: 'Ed25519', x: base64url(public_key), kid, use: 'sig', alg: 'EdDSA' },
  }))
}

/**
 * Retires the key that signs and makes another one, in one commit; the old one stays published. Answers the kid that signs
 * now and the one that was retired, null when there was none or when somebody else was rotating.
 */
export async function rotateSigningKey(world: World): Promise<{ kid: string; retired: string | null }> {
  const retired = await withNewestKey(world, () =>
    atomically(world.db.sql, async (tx) => {
      const [old] = await tx<{ kid: string }[]>`
        update signing_keys set retired_at = now() where retired_at is null returning kid`
      await addKey(world, tx)
      return old?.kid ?? null
    }),
  )
  return { kid: (await activeRow(world)).kid, retired }
}
