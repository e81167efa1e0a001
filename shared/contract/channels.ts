import { z } from 'zod'
import { type ChannelKind, channelKinds, everyChannelEvent } from '../channels.ts'
import { actorRef, cursor, id, page, pageLimit, secret, text, time } from '../words.ts'
import { endpoint } from './endpoint.ts'

const family = { tag: 'Channels', limit: 'everything else' } as const

const kinds = Object.keys(channelKinds) as [ChannelKind, ...ChannelKind[]] // the keys of a literal object are exactly its type's keys

const fields = {
  name: text(100)
    .transform((value) => value.trim())
    .pipe(z.string().min(1))
    .meta({ type: 'string', example: 'Deploys', description: 'What people call it.' }),
  address: secret(
    text(2000).meta({
      type: 'string',
      example: 'https://ntfy.example.com/our-deploys',
      description:
        'Where it is: the URL of an incoming webhook (Slack, Teams, Discord; also of Mattermost and Rocket.Chat as `slack`), of an ntfy topic, or one e-mail address. Shown masked ever after.',
    }),
  ),
  token: secret(z.string().regex(/^[!-~]{1,200}$/, 'Must be 1 to 200 visible ASCII characters.'))
    .nullable()
    .meta({ description: 'Access token of an ntfy topic that asks for one; null: none.' }),
  events: z
    .array(z.enum(everyChannelEvent))
    .min(1, 'Choose at least one.')
    .max(everyChannelEvent.length)
    .transform((names) => [...new Set(names)])
    .meta({ type: 'array', description: 'The events that it is told of.' }),
}

/** The three that anybody sees who may name a channel in `notify`. */
const named = { id, name: z.string(), kind: z.enum(kinds) }

const channel = z
  .strictObject({
    ...named,
    address: secret(z.string().meta({ description: 'Masked: enough to know it again, not to use it.' })),
    has_token: z.boolean(),
    events: z.array(z.enum(everyChannelEvent)),
    enabled: z.boolean(),
    disabled_for: z
      .enum(['by_hand', 'gone', 'failing'])
      .nullable()
      .meta({ description: '`gone`: it answered that it is no more. `failing`: nothing arrived for days.' }),
    failing_since: time.nullable().meta({ description: 'Since when nothing has arrived; null: the last message did.' }),
    created_at: time,
    created_by: actorRef,
  })
  .meta({ id: 'Channel', description: 'A place where people read what happens.' })

const listed = z
  .strictObject({ ...named, ...channel.omit({ id: true, name: true, kind: true }).partial().shape })
  .meta({ id: 'ListedChannel', description: 'Only `id`, `name` and `kind` for keys without `settings:read`.' })

const example = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  name: 'Deploys',
  kind: 'slack',
  address: 'https://hooks.slack.com/…/…WXYZ',
  has_token: false,
  events: ['approval.created', 'approval.executed'],
  enabled: true,
  disabled_for: null,
  failing_since: null,
  created_at: '2025-01-01T12:20:00.000Z',
  created_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAW', name: 'Ana Silva' },
} as const

/** Seed 0's notifications: chats, phones and mailboxes of a project. */
export const channels = {
  list: endpoint({
    ...family,
    method: 'GET',
    path: '/channels',
    summary: 'List channels',
    description:
      'Oldest first. Keys with `approvals:write` and not `settings:read` see ids, names and kinds, so that they can name one in `notify`.',
    access: 'settings:read',
    orAccess: ['approvals:write'],
    status: 200,
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: page(listed),
    errors: [],
    example: { output: { items: [example], next_cursor: null } },
  }),
  create: endpoint({
    ...family,
    method: 'POST',
    path: '/channels',
    summary: 'Create a channel',
    description:
      'Messages say what happens and link to the dashboard, where people sign in to decide; opening a link decides nothing. At most 20 in a project.',
    access: 'settings:write',
    status: 201,
    input: z.strictObject({
      kind: z.enum(kinds),
      name: fields.name,
      address: fields.address,
      token: fields.token.default(null),
      events: fields.events.default([...everyChannelEvent]),
    }),
    output: channel,
    errors: ['TOO_MANY_CHANNELS', 'MAIL_OFF'],
    example: {
      input: { kind: 'ntfy', name: 'Deploys', address: 'https://ntfy.example.com/our-deploys' },
      output: { ...example, kind: 'ntfy', address: 'https://ntfy.example.com/…oys' },
    },
  }),
  get: endpoint({
    ...family,
    method: 'GET',
    path: '/channels/{channel_id}',
    summary: 'Read a channel',
    description: 'Where it is, what it is told of, and whether messages arrive.',
    access: 'settings:read',
    status: 200,
    input: z.strictObject({ channel_id: id }),
    output: channel,
    errors: ['NOT_FOUND'],
    example: { output: example },
  }),
  update: endpoint({
    ...family,
    method: 'PATCH',
    path: '/channels/{channel_id}',
    summary: 'Change a channel',
    description:
      'Only the fields that are sent change. A new `address` forgets the `token`, unless one is sent with it.',
    access: 'settings:write',
    status: 200,
    input: z.strictObject({
      channel_id: id,
      name: fields.name.optional(),
      address: fields.address.optional(),
      token: fields.token.optional(),
      events: fields.events.optional(),
      enabled: z.boolean().optional().meta({ description: 'False: it is told of nothing until it is true again.' }),
    }),
    output: channel,
    errors: ['NOT_FOUND', 'MAIL_OFF'],
    example: { input: { enabled: false }, output: { ...example, enabled: false, disabled_for: 'by_hand' } },
  }),
  delete: endpoint({
    ...family,
    method: 'DELETE',
    path: '/channels/{channel_id}',
    summary: 'Delete a channel',
    description: 'What is on its way to it is not sent any more.',
    access: 'settings:write',
    status: 204,
    input: z.strictObject({ channel_id: id }),
    output: z.void(),
    errors: ['NOT_FOUND'],
    example: {},
  }),
  test: endpoint({
    ...family,
    method: 'POST',
    path: '/channels/{channel_id}/test',
    summary: 'Send a test message',
    description: 'Sends it right now, once, and answers what came back. Also while the channel is switched off.',
    access: 'settings:write',
    status: 200,
    input: z.strictObject({ channel_id: id }),
    output: z.strictObject({
      delivered: z.boolean(),
      status: z.number().int().nullable().meta({ description: 'HTTP status that came back; null: none did.' }),
      error: z.string().nullable().meta({ description: 'Why it did not arrive, as a word; null: it did.' }),
    }),
    errors: ['NOT_FOUND', 'MAIL_OFF'],
    example: { output: { delivered: true, status: 200, error: null } },
  }),
}
