import { z } from 'zod'
import { email } from '../people.ts'
import { actorRef, cursor, id, page, pageLimit, secret, text, time } from '../words.ts'
import { endpoint, mutation, query } from './endpoint.ts'
import { encryptedBy, mostSealedBytes, ttl, ttlBounds } from './secret.ts'

/** Where an ask stands. Everything but `open` is final. */
export const askStatus = z
  .enum(['open', 'answered', 'cancelled', 'expired'])
  .meta({ id: 'AskStatus', description: 'Everything but `open` is final.' })

const token = secret(
  z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$/, 'Must be the last part of the link that you were given.')
    .meta({ example: '6XK8Q4R2M7T9V3W5Y1Z0ABCDEF' }),
)

const title = text(200).min(1).meta({ example: 'The API token of the staging account' })
const note = text(2000).meta({ description: 'Shown to who answers: where to find it, what it is for.' })

const madeFields = {
  title,
  note: note.optional(),
  ttl: ttl.meta({ description: 'Seconds to answer, 60 to 2 592 000; clamped.' }),
  answer_ttl: ttl.meta({ description: 'Seconds to read the answer once it is there; clamped.' }),
  encrypted_by: encryptedBy
    .default('server')
    .meta({ description: '`browser`: the answer is encrypted in the browser of who gives it, under a key of yours.' }),
  notify: email.optional().meta({ description: 'Told by mail when the answer is there.' }),
}

const made = z
  .strictObject({
    ask_id: id,
    url: secret(z.url()).meta({ description: 'The link to send to who has the secret.' }),
    answer_key: secret(z.string()).meta({ description: 'A secret_key: reads the answer, once. Keep it.' }),
    answer_url: secret(z.url()).meta({ description: 'The same as a link. Keep it.' }),
    expires_at: time,
  })
  .meta({ id: 'CreatedAsk', description: 'An ask with its two links: one to send, one to keep.' })

/** "Send me one": a link where somebody else fills in a secret, which only its asker can read, once. */
export const asks = {
  create: endpoint({
    method: 'POST',
    path: '/asks',
    tag: 'Asks',
    summary: 'Ask somebody for a secret',
    description:
      'Makes a link where somebody else fills in a secret, and a key that reads it once. It is sealed for that key alone: who holds the link cannot read the answer.',
    access: 'secrets:write',
    limit: 'secret',
    status: 201,
    idempotent: true,
    input: z.strictObject(madeFields),
    output: made,
    errors: ['MAIL_OFF'],
    example: {
      input: { title: 'The API token of the staging account', ttl: ttlBounds.usual },
      output: {
        ask_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        url: 'https://countersign.example/r/6XK8Q4R2M7T9V3W5Y1Z0ABCDEF',
        answer_key: '153l8vbwqx5taskp92pf05uvgjefvu9',
        answer_url: 'https://countersign.example/s/153l8vbwqx5taskp92pf05uvgjefvu9',
        expires_at: '2025-01-08T12:20:00.000Z',
      },
    },
  }),
  open: endpoint({
    method: 'GET',
    path: '/link/asks/{token}',
    tag: 'Secret links',
    summary: 'See what is asked for',
    description: 'What the holder of the link is asked for. Changes nothing.',
    access: 'public',
    limit: 'secret',
    status: 200,
    input: z.strictObject({ token }),
    output: z
      .strictObject({
        status: askStatus,
        title: z.string(),
        note: z.string().nullable(),
        project: z.string(),
        asked_by: z.strictObject({ name: z.string(), type: actorRef.shape.type }),
        encrypted_by: encryptedBy,
        created_at: time,
        expires_at: time,
        ended_at: time.nullable(),
        server_time: time,
      })
      .meta({ id: 'OpenedAsk', description: 'An ask as the holder of its link sees it.' }),
    errors: ['NOT_FOUND'],
    example: {
      output: {
        status: 'open',
        title: 'The API token of the staging account',
        note: null,
        project: 'shop',
        asked_by: { name: 'Ana Silva', type: 'person' },
        encrypted_by: 'server',
        created_at: '2025-01-01T12:20:00.000Z',
        expires_at: '2025-01-08T12:20:00.000Z',
        ended_at: null,
        server_time: '2025-01-01T12:21:00.000Z',
      },
    },
  }),
  answer: endpoint({
    method: 'POST',
    path: '/link/asks/{token}/answer',
    tag: 'Secret links',
    summary: 'Give the secret that is asked for',
    description: 'Once: exactly one answer is taken, whoever races. It cannot be read back by who gave it.',
    access: 'public',
    limit: 'secret',
    status: 200,
    input: z.strictObject({
      token,
      secret: secret(text(mostSealedBytes).min(1)).meta({
        description: 'At most 10 000 bytes as UTF-8; encrypted by a browser, at most 16 384 of base64url.',
      }),
    }),
    output: z.strictObject({ status: z.literal('answered'), answered_at: time }),
    errors: ['NOT_FOUND', 'ASK_ENDED', 'KEY_MISSING'],
    example: {
      input: { secret: 'SECRET' },
      output: { status: 'answered', answered_at: '2025-01-01T12:25:00.000Z' },
    },
  }),
  /** The project's asks, newest first; no link in them. */
  list: query({
    access: 'secrets:read',
    input: z.strictObject({ status: askStatus.optional(), limit: pageLimit, cursor: cursor.optional() }),
    output: page(
      z.strictObject({
        ask_id: id,
        status: askStatus,
        title: z.string(),
        encrypted_by: encryptedBy,
        created_at: time,
        created_by: actorRef,
        expires_at: time,
        ended_at: time.nullable(),
        secret_id: id.nullable(),
      }),
    ),
  }),
  cancel: mutation({
    access: 'secrets:write',
    input: z.strictObject({ ask_id: id }),
    output: z.void(),
    errors: ['NOT_FOUND', 'ASK_ENDED'],
  }),
}
