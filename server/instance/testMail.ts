import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { mailIsOn, sendMail } from '../mails/mail.ts'
import type { Verb } from '../verb.ts'
import { mustRunInstance } from './runs.ts'

/** Sends a mail the way every mail goes, through the queue; whether it arrived, `health` and the mailbox tell. */
export const testMail: Verb<typeof contract.instance.testMail> = async (ctx, { to }) => {
  mustRunInstance(ctx.actor)
  const { world } = ctx
  if (!mailIsOn(world)) refuse('MAIL_OFF')
  await sendMail(world.db.sql, ctx, to, { kind: 'test', data: { publicUrl: world.config.publicUrl } })
}
