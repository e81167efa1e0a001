import { createECDH } from 'node:crypto'
import { derive } from '../lib/crypto.ts'
import { perWorld } from '../world.ts'

/** How this instance names itself to push services (RFC 8292), as base64url. */
export type Vapid = { publicKey: string; privateKey: string; subject: string }

/**
 * The instance's P-256 key. It is derived, so that there is nothing to store, and subscriptions, which hang on its public half,
 * outlive a new master key. One in 2^32 seeds is no key; then the next one is taken.
 */
export const vapidOf = perWorld((world): Vapid => {
  const curve = createECDH('prime256v1')
  for (let turn = 0; ; turn++) {
    const secret = derive(world.keys.push, `vapid ${turn}`)
    try {
      curve.setPrivateKey(secret)
    } catch {
      continue
    }
    const address = /<?([^<>\s]+@[^<>\s]+?)>?$/.exec(world.config.mailFrom)?.[1] ?? ''
    return {
      publicKey: curve.getPublicKey('base64url'),
      privateKey: secret.toString('base64url'),
      subject: `mailto:${address}`,
    }
  }
})
