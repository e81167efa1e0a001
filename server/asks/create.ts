import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef, tellsNobody } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { makeLinkToken } from '../lib/token.ts'
import { mailIsOn } from '../mails/mail.ts'
import { once } from '../once.ts'
import { newPart } from '../secrets/fresh.ts'
import { custidOf } from '../secrets/making.ts'
import { askPublicKey, sealNotify, secretDigest } from '../secrets/sealing.ts'
import type { CtxOf, Verb } from '../verb.ts'
import { askDigest } from './ask.ts'

type Entry = typeof contract.asks.create
type Wish = z.output<Entry['input']>

/**
 * Makes an ask: a link to send, and the `secret_key` that will read the answer, of which only the digest and the public half
 * of a key pair stay here.
 */
export const create: Verb<Entry> = async (ctx, input) => {
  if (input.notify !== undefined && !mailIsOn(ctx.world)) refuse('MAIL_OFF')
  return once(ctx, 'asks.create', (sql) => makeAsk(sql, ctx, input))
}

async function makeAsk(sql: Sql, ctx: CtxOf<Entry>, wish: Wish): Promise<z.input<Entry['output']>> {
  const { world, actor } = ctx
  const { publicUrl } = world.config
  const [id, token, answerKey] = [newId(), makeLinkToken(), newPart()]
  const notify =
    wish.notify === undefined || tellsNobody(actor)
      ? null
      : sealNotify(world, { id, projectId: actor.projectId }, wish.notify)
  const [row] = await sql<{ expires_at: Date }[]>`
    with made as (
      insert into asks (id, project_id, token_digest, answer_digest, public_key, title, note, encrypted_by, notify, key_version,
        custid, key_id, created_by, expires_at, answer_ttl)
      select ${id}, ${actor.projectId}, ${askDigest(world, token)}, ${secretDigest(world, answerKey)},
        ${askPublicKey(answerKey)}, ${wish.title}, ${wish.note ?? null}, ${wish.encrypted_by}, ${notify}, max(generation),
        ${custidOf(ctx)}, ${actor.type === 'key' ? actor.id : null}, ${sql.json(actorRef(actor))}::jsonb,
        now() + make_interval(secs => ${wish.ttl}::float8), ${wish.answer_ttl}::int
      from instance_keys
      returning id, project_id, title, expires_at
    ), told as (${telling(sql, ctx, {
      name: 'ask.created',
      target: sql`'ask:' || id`,
      payload: sql`jsonb_build_object('ask_id', id, 'title', title)`,
      from: sql`made`,
    })})
    select expires_at from made`
  if (!row) throw new Error('The ask was not stored.')
  return {
    ask_id: id,
    url: `${publicUrl}/r/${token}`,
    answer_key: answerKey,
    answer_url: `${publicUrl}/s/${answerKey}`,
    expires_at: row.expires_at.toISOString(),
  }
}
