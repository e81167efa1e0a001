import { z } from 'zod'
import { actorRef, cursor, id, page, pageLimit, secret, text, time } from '../words.ts'
import { endpoint } from './endpoint.ts'

const family = { tag: 'Release-only secrets', limit: 'secret' } as const

const name = text(200)
  .transform((given) => given.trim())
  .pipe(
    z
      .string()
      .min(1)
      .regex(/^\P{Cc}*$/u, 'Must be one line.'),
  )
  .meta({
    type: 'string',
    example: 'Production database',
    description: 'What approvers read before they say yes; unique in its project.',
  })

const keptText = secret(text(10_000).min(1)).meta({ description: 'The text, at most 10 000 bytes as UTF-8.' })

const kept_id = id.meta({ description: 'What `release.secret` of an approval names.' })

const keptSecret = z
  .strictObject({ kept_id, name: z.string(), created_at: time, created_by: actorRef, updated_at: time })
  .meta({ id: 'ReleaseOnlySecret', description: 'A secret that leaves only by an approval. Never its text.' })

const exampleKept = {
  kept_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  name: 'Production database',
  created_at: '2025-01-01T12:00:00.000Z',
  created_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Ana Silva' },
  updated_at: '2025-01-01T12:00:00.000Z',
}

/** Secrets that no link opens and no list shows: each leaves by an approval that releases it, once for each yes. */
export const kept = {
  create: endpoint({
    ...family,
    method: 'POST',
    path: '/secrets/release-only',
    summary: 'Store a release-only secret',
    description:
      'It has no link, and no reply shows its text again: it leaves by an approval with `release: {"secret": kept_id}`, once for each yes. At most 500 in a project.',
    access: 'secrets:write',
    status: 201,
    idempotent: true,
    input: z.strictObject({ name, secret: keptText }),
    output: keptSecret,
    errors: ['NAME_TAKEN', 'TOO_MANY_SECRETS', 'KEY_MISSING'],
    example: { input: { name: 'Production database', secret: 'correct horse battery staple' }, output: exampleKept },
  }),
  list: endpoint({
    ...family,
    limit: 'key read',
    method: 'GET',
    path: '/secrets/release-only',
    summary: 'List release-only secrets',
    description: 'Newest first: what they are called and who stored them, never what they say.',
    access: 'secrets:read',
    status: 200,
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: page(keptSecret),
    errors: [],
    example: { output: { items: [exampleKept], next_cursor: null } },
  }),
  update: endpoint({
    ...family,
    method: 'PATCH',
    path: '/secrets/release-only/{kept_id}',
    summary: 'Change a release-only secret',
    description:
      'A new text, or a new name. Approvals that wait release the new text. Only people rename it: the name is what approvers go by.',
    access: 'secrets:write',
    status: 200,
    input: z.strictObject({ kept_id, name: name.optional(), secret: keptText.optional() }),
    output: keptSecret,
    errors: ['NOT_FOUND', 'NAME_TAKEN', 'ONLY_PEOPLE', 'KEY_MISSING'],
    example: { input: { secret: 'a newer one' }, output: exampleKept },
  }),
  delete: endpoint({
    ...family,
    method: 'DELETE',
    path: '/secrets/release-only/{kept_id}',
    summary: 'Delete a release-only secret',
    description: 'For good. An approval that would release it says that it is gone.',
    access: 'secrets:write',
    status: 204,
    input: z.strictObject({ kept_id }),
    output: z.void(),
    errors: ['NOT_FOUND'],
    example: {},
  }),
}
