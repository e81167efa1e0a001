import { type Ctx, tellsNobody } from '../context.ts'
import { seal, unseal } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import type { World } from '../world.ts'

/** A one-time secret as its maker knows it; never what it holds, never a key of its links. */
export type NamedSecret = {
  id: string
  project: string
  memo: string | null
  /** Whom its link was mailed to, as replies show it. */
  recipient: string | null
}

/** What a mail channel is told of, in words that are cut and show what is hidden in them already. */
export type ChannelNotice = {
  title: string
  sentence: string
  facts: readonly (readonly [name: string, value: string])[]
  quote: string | null
  link: { label: string; url: string }
  /** Mails about one of these stand together in a mail client. */
  approvalId: string | null
  /** Until when there is something to decide. */
  expiresAt?: string
}

/**
 * A mail as data: its kind, and what its text is made of. Times are ISO 8601. After `expiresAt` it is not worth sending any
 * more.
 */
export type Mail =
  | { kind: 'invitation'; data: { project: string; role: string; invitedBy: string; url: string; expiresAt: string } }
  | { kind: 'password reset'; data: { name: string; url: string; expiresAt: string } }
  | { kind: 'address check'; data: { name: string; url: string } }
  | {
      kind: 'approval request'
      data: {
        project: string
        keyPath: string
        info: string | null
        requestedBy: string
        url: string
        expiresAt: string
        /** Given, mails about the same approval stand together in a mail client. */
        approvalId?: string
      }
    }
  | {
      kind: 'permission request'
      data: {
        project: string
        agent: string
        action: string
        resource: string | null
        reason: string | null
        url: string
        expiresAt: string
        approvalId: string
      }
    }
  | { kind: 'key alert'; data: { project: string; key: string; sentence: string; url: string } }
  | {
      kind: 'secret link'
      data: { project: string; sharedBy: string; passphrase: boolean; url: string; expiresAt: string }
    }
  | { kind: 'secret read'; data: NamedSecret & { readAt: string } }
  | { kind: 'secret contested'; data: NamedSecret & { readAt: string; cameAt: string } }
  | { kind: 'secret expired'; data: NamedSecret & { expiredAt: string } }
  | { kind: 'secret expires soon'; data: NamedSecret & { expiresAt: string } }
  | { kind: 'ask answered'; data: { project: string; title: string; expiresAt: string } }
  | { kind: 'channel notice'; data: ChannelNotice }
  | { kind: 'test'; data: { publicUrl: string } }

/** What the text of a mail of this kind is made of. */
export type MailData<Kind extends Mail['kind']> = Extract<Mail, { kind: Kind }>['data']

/** A mail on its way; `id` is its Message-ID, the same at every try, so that mail servers can tell a second copy. */
export type Envelope = { id: string; to: string; mail: Mail }

/** Whether this instance can send mail at all. */
export const mailIsOn = (world: World): boolean => world.config.smtpUrl !== undefined

/** The name of the job, and what its payload is bound to. */
export const mailJob = 'mail'

/** Tries of one mail: the queue waits 3 s, 7 s, 20 s, 1, 2½, 7, 18 and 50 min, 2¼ h, and then 6 h each time. */
const mostTries = 13

/** One address and nothing else: a list, a name or a line break would reach further than the caller meant. */
const address = /^[^\s,;:<>"()[\]\\@\p{C}]{1,64}@[^\s,;:<>"()[\]\\@\p{C}]{1,253}$/u

/**
 * Queues a mail in the commit of what it tells of; nothing where no mail can be sent, or of what a test key of an agent does. It is sealed while it waits, because
 * it holds a link.
 */
export async function sendMail(sql: Sql, ctx: Ctx, to: string, mail: Mail): Promise<void> {
  if (!mailIsOn(ctx.world) || tellsNobody(ctx.actor)) return
  if (!address.test(to)) throw new Error('A mail goes to one address.')
  const envelope: Envelope = { id: newId(), to, mail }
  const sealed = seal(ctx.world.keys.mails, Buffer.from(JSON.stringify(envelope)), mailJob)
  const payload = { sealed: sealed.toString('base64') }
  await sql`
    select graphile_worker.add_job(${mailJob}::text, ${sql.json(payload)}::json, max_attempts => ${mostTries}::int)`
}

/** Opens what `sendMail` queued. Throws when it was sealed by another instance. */
export function openMail(world: World, payload: unknown): Envelope {
  const { sealed } = payload as { sealed: string } // of our own job; a forged one does not open
  return JSON.parse(unseal(world.keys.mails, Buffer.from(sealed, 'base64'), mailJob).toString()) as Envelope // sealed by us
}
