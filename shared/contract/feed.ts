import { z } from 'zod'
import { text } from '../words.ts'
import { endpoint } from './endpoint.ts'

/** Server-sent events. */
export const feed = {
  stream: endpoint({
    method: 'GET',
    path: '/events',
    tag: 'Events',
    summary: 'Follow what happens',
    description:
      'Server-sent events (WHATWG): `id`, `event` (the action, as `approval.executed`) and `data` (JSON as in the audit log). Reconnecting with `Last-Event-ID` misses nothing and repeats nothing. A key is told of what its scopes let it read; a signed-in person of what their role does. A comment line every 15 s keeps proxies from closing it.',
    access: 'approvals:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      last_event_id: text(100).optional().meta({ description: 'Where to go on; from `Last-Event-ID`.' }),
      project: text(26).optional().meta({ description: 'For a signed-in person: which project.' }),
    }),
    output: z.unknown(),
    errors: [],
    example: {},
    headers: { 'last-event-id': 'last_event_id' },
    streams: ['text/event-stream'],
    bySession: true,
  }),
}
