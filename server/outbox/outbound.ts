import { openOutbound } from '../lib/outbound.ts'
import { perWorld } from '../world.ts'

/** The way to receivers of this world: webhooks and channels use this one and no other. */
export const outboundOf = perWorld((world) => openOutbound({ allowed: world.config.outboundAllow }))
