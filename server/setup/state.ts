import { version } from '../../package.json'
import type { contract } from '../../shared/contract/index.ts'
import { mailIsOn } from '../mails/mail.ts'
import type { Verb } from '../verb.ts'
import { isSetupOpen } from './owner.ts'

export const state: Verb<typeof contract.setup.state> = async ({ world, ip }) => ({
  open: await isSetupOpen(world.db.sql),
  github: world.config.github !== undefined,
  mail: mailIsOn(world),
  sign_up: world.config.signUp,
  public_url: world.config.publicUrl,
  your_ip: ip,
  version,
})
