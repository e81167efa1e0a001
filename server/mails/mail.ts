import type { Ctx } from '../context.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { World } from '../world.ts'

/** A mail as data: its kind, and what its text is made of. Times are ISO 8601. */
export type Mail =
  | { kind: 'invitation'; data: { project: string; role: string; invitedBy: string; url: string; expiresAt: string } }
  | { kind: 'password reset'; data: { name: string; url: string } }
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
      }
    }
  | { kind: 'key alert'; data: { project: string; key: string; sentence: string; url: string } }
  | { kind: 'test'; data: { publicUrl: string } }

/** Whether this instance can send mail at all. */
export const mailIsOn = (world: World): boolean => world.config.smtpUrl !== undefined

/**
 * Queues a mail in the commit of what it tells of; nothing where no mail can be sent. It is sealed while it waits, because
 * it holds a link.
 */
export async function sendMail(_sql: Sql, ctx: Ctx, _to: string, _mail: Mail): Promise<void> {
  if (!mailIsOn(ctx.world)) return
  throw new Error('mails are not built.')
}
