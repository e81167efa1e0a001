import { version } from '../../package.json'
import type { contract } from '../../shared/contract/index.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { Verb } from '../verb.ts'
import { lookAtAddress, lookAtProxies } from './address.ts'
import {
  look,
  lookAtClock,
  lookAtDatabase,
  lookAtDelivery,
  lookAtKeyring,
  lookAtMail,
  lookAtMigrations,
  lookAtQueue,
} from './looks.ts'
import { mustRunInstance } from './runs.ts'

const patience = 3000

/** What whoever runs the instance sees of it: each thing that must be right, and what is wrong with it. */
export const health: Verb<typeof contract.instance.health> = async (ctx) => {
  mustRunInstance(ctx.actor)
  const { config, db, clock } = ctx.world
  const ask = (name: string, at: () => Promise<string>) => look(name, () => withDeadline(patience, at))
  const looks = await Promise.all([
    ask('database', () => lookAtDatabase(db.sql, config.databaseUrl === undefined)),
    ask('migrations', () => lookAtMigrations(db.sql)),
    ask('keyring', () => lookAtKeyring(db.sql, config.keyringDir)),
    ask('clock', () => lookAtClock(db.sql, () => clock.now().getTime())),
    look('mail', () => lookAtMail(config)),
    ask('mail delivery', () => lookAtDelivery(db.sql)),
    ask('queue', () => lookAtQueue(db.sql)),
    look('address', () => lookAtAddress(config, ctx.came)),
    look('proxies', () => lookAtProxies(config, ctx.came, ctx.ip)),
  ])
  return { version, public_url: config.publicUrl, your_ip: ctx.ip, looks }
}
