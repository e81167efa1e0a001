import { z } from 'zod'
import { text } from '../words.ts'
import { endpoint } from './endpoint.ts'

const place = text(100).meta({ example: 'k3x9-2f', description: 'Where to go on: the `id` of the event told last.' })

/** Server-sent events. */
export const feed = {
  stream: endpoint({
    method: 'GET',
    path: '/events',
    tag: 'Events',
    summary: 'Follow what happens',
    description:
      'Server-sent events (WHATWG): `id`, `event` (the action, as `approval.executed`) and `data` (one line of JSON, an entry as in the audit log). Reconnecting with `Last-Event-ID`, or `last_event_id` in the query, misses nothing and repeats nothing, on whichever node; without it the stream begins now. A key is told of values with `values:read` and of approvals with `approvals:read`, within its key paths, and of everything else with `audit:read`; a signed-in person of what their role may read. `ip`, `user_agent` and `request_id` are null for who may not read the audit log. A comment every 15 s keeps proxies from closing it. The stream ends when the key or session does.',
    access: 'values:read',
    orAccess: ['approvals:read', 'audit:read'],
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      resume: place.optional(),
      last_event_id: place
        .optional()
        .meta({ description: 'The same, for who cannot set the header; the header wins.' }),
      project: text(26)
        .optional()
        .meta({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV', description: 'For a signed-in person: which project.' }),
    }),
    output: z.unknown(),
    errors: ['NOT_FOUND'],
    example: {},
    headers: { 'last-event-id': 'resume' },
    streams: ['text/event-stream'],
    bySession: true,
  }),
}
