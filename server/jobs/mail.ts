import type { Transporter } from 'nodemailer'
import { tally } from '../instance/tally.ts'
import { startQueue, type Task } from '../lib/queue/index.ts'
import { spanned } from '../lib/trace.ts'
import { noteFailure } from '../mails/failures.ts'
import { type Envelope, type Mail, mailIsOn, mailJob, openMail } from '../mails/mail.ts'
import { openTransport, post, verdictOf } from '../mails/transport.ts'
import type { World } from '../world.ts'

/** A mail that could not be handed over now. Its message goes into the queue's table: a code and nothing else. */
class MailWaits extends Error {
  override name = 'MailWaits'
}

/** The mail was not worth sending any more: its link has ended. */
const isStale = ({ data }: Mail, now: Date) =>
  'expiresAt' in data && data.expiresAt !== undefined && new Date(data.expiresAt) <= now

function read(world: World, payload: unknown): Envelope | undefined {
  try {
    return openMail(world, payload)
  } catch {
    return undefined
  }
}

/** Sends what waits in the queue. The renderer and the SMTP client are loaded with the first mail, not with the server. */
function delivery(world: World, transport: () => Promise<Transporter>): Task {
  const { config, log, db } = world
  const did = tally(world).mails
  return async ({ payload, attempt, last }) => {
    const envelope = read(world, payload)
    if (!envelope) {
      did.add('given_up')
      log.error({ job: mailJob }, 'A mail in the queue was sealed by another instance, or changed; it is dropped')
      return noteFailure(db.sql, 'unknown', 'UNREADABLE', attempt)
    }
    const { id, to, mail } = envelope
    if (isStale(mail, world.clock.now())) {
      did.add('outdated')
      return log.info({ job: mailJob }, 'A mail whose link had ended was not sent')
    }
    try {
      const { compose } = await import('../mails/compose.tsx')
      const letter = await compose(mail, config.publicUrl)
      const thread = ('approvalId' in mail.data && mail.data.approvalId) || undefined
      await post(await transport(), config, { id, to, thread, ...letter })
      did.add('sent')
    } catch (error) {
      const { code, forGood } = verdictOf(error)
      const given = { job: mailJob, code, count: attempt, err: error }
      if (!forGood && !last) {
        did.add('put_off')
        log.warn(given, 'A mail was not taken; it is tried again')
        throw new MailWaits(code)
      }
      did.add('given_up')
      log.error(given, 'A mail was given up')
      await noteFailure(db.sql, mail.kind, code, attempt)
    }
  }
}

/** Sends mails on this node, where mail can be sent at all. */
export function startMailing(world: World): { stop(): Promise<void> } {
  if (!mailIsOn(world)) return { stop: async () => undefined }
  let opened: Promise<Transporter> | undefined
  const transport = () => {
    opened ??= openTransport(world.config, { pool: true })
    return opened
  }
  const { address, role, log } = world
  const send = delivery(world, transport)
  const queue = startQueue({
    address,
    role,
    log,
    tasks: { [mailJob]: (job) => spanned(world.traces, 'mail', 'consumer', () => send(job)) },
  })
  return {
    async stop() {
      await queue.stop()
      const open = await opened?.catch(() => undefined)
      open?.close()
    },
  }
}
