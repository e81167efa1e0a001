import { refuse } from '../../shared/errors.ts'
import { isStorable } from '../../shared/words.ts'
import { actorRef, type Ctx } from '../context.ts'
import { atomically } from '../lib/transaction.ts'
import { mailIsOn } from '../mails/mail.ts'
import { once } from '../once.ts'
import { type MadeSecret, makeSecret, type SecretWish, withKeys } from './fresh.ts'
import { mailRecipient } from './notices.ts'

/** Characters of a `custid` at most. */
const longest = 200

const no = (path: string, message: string): never =>
  refuse('INVALID_INPUT', { sentence: `${path}: ${message}`, issues: [{ path, message }] })

/** Seed 4's `custid`: the user name of HTTP Basic, else the name of the key or person that asks; `anon` for guests. */
export function custidOf({ actor, userName }: Ctx): string {
  if (actor.type === 'visitor') return 'anon'
  if (actor.type !== 'key' || userName === undefined || userName === '') return actorRef(actor).name
  return userName.length <= longest && isStorable(userName)
    ? userName
    : no('Authorization', `The user name takes at most ${longest} characters and no NUL.`)
}

/** Refuses mails where none can be sent, and to whom nobody vouches: guests would send ours to whomever they like. */
function mayMail({ actor, world }: Ctx, { recipient, notify, encryptedBy }: SecretWish): void {
  if (recipient === undefined && notify === undefined) return
  if (actor.type === 'visitor')
    no(recipient === undefined ? 'notify' : 'recipient', 'Guests cannot have mails sent; pass the link on yourself.')
  if (recipient !== undefined && encryptedBy === 'browser')
    no('recipient', 'Not with encrypted_by: browser. Half of its link never comes here; pass the link on yourself.')
  if (!mailIsOn(world)) refuse('MAIL_OFF')
}

/**
 * Makes a secret, mails its link to the recipient when there is one, and keeps the reply for the same Idempotency-Key: one
 * commit. Refuses MAIL_OFF, and INVALID_INPUT; nothing is stored then.
 */
export async function shareOnce<Answer>(
  ctx: Ctx,
  operation: string,
  wish: SecretWish,
  answer: (made: MadeSecret) => Answer | Promise<Answer>,
): Promise<Answer> {
  mayMail(ctx, wish)
  const { recipient } = wish
  return withKeys(ctx.world, wish.ttl, () =>
    once(ctx, operation, async (sql) => {
      if (recipient === undefined) return answer(await makeSecret(sql, ctx, wish))
      return atomically(sql, async (tx) => {
        const made = await makeSecret(tx, ctx, wish)
        if (made.secretKey !== null)
          await mailRecipient(tx, ctx, recipient, {
            projectId: wish.projectId,
            secretKey: made.secretKey,
            passphrase: made.passphrase,
            expiresAt: made.expires_at,
          })
        return answer(made)
      })
    }),
  )
}
