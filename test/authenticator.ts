import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { newId } from '../server/lib/id.ts'
import type { World } from '../server/world.ts'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()

/** What an assertion says; what is left out is as an honest browser and authenticator say it. */
export type Said = {
  challenge?: string
  origin?: string
  rpId?: string
  type?: string
  /** Was the user verified, and present? */
  verified?: boolean
  present?: boolean
  counter?: number
}

/** A passkey of a person, as registered, and an authenticator that signs with it. `counts`: it keeps a counter. */
export async function makePasskey(world: World, personId: string, { counts = true } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  // COSE (RFC 9053): kty EC2, alg ES256, crv P-256, x, y.
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ])
  const id = randomBytes(16).toString('base64url')
  await world.db.sql`
    insert into passkeys (id, name, public_key, person_id, credential_id, counter, device_type, backed_up, transports, aaguid)
    values (${newId()}, 'software', ${cose.toString('base64')}, ${personId}, ${id}, 0, 'singleDevice', false, 'internal',
      '00000000-0000-0000-0000-000000000000')`
  let counter = 0
  /** The browser's answer (AuthenticationResponseJSON) to the challenge of an approval's `action_hash`. */
  const assertion = (actionHash: string, said: Said = {}) => {
    const { publicUrl } = world.config
    const { origin, rpId, challenge } = {
      ...{ origin: publicUrl, rpId: new URL(publicUrl).hostname },
      challenge: Buffer.from(actionHash, 'hex').toString('base64url'),
      ...said,
    }
    const client = Buffer.from(
      JSON.stringify({ type: said.type ?? 'webauthn.get', challenge, origin, crossOrigin: false }),
    )
    const tail = Buffer.alloc(5)
    tail[0] = (said.present === false ? 0 : 1) | (said.verified === false ? 0 : 4)
    if (counts) counter++
    tail.writeUInt32BE(said.counter ?? counter, 1)
    const authenticatorData = Buffer.concat([sha256(rpId), tail])
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(client)]), privateKey)
    return {
      ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {}, authenticatorAttachment: 'platform' },
      response: {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
      },
    }
  }
  return { id, assertion }
}
