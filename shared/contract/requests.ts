import { z } from 'zod'
import { cursor, id, page, pageLimit, text, time } from '../words.ts'
import { endpoint } from './endpoint.ts'

/** One row of the access log. */
export const request = z
  .strictObject({
    request_id: z.string(),
    at: time,
    key_id: id,
    key_name: z.string(),
    method: z.string(),
    route: z.string().meta({ example: '/v1/key/{key_path}', description: 'The template, never the address itself.' }),
    status: z.number().int().meta({ description: '499: the client left before its answer.' }),
    code: z.string().nullable().meta({ description: 'Of the refusal, if it was one.' }),
    ip: z.string(),
    ms: z.number().int().meta({ description: 'Milliseconds until the reply was sent.' }),
    bytes_in: z.number().int(),
    bytes_out: z.number().int(),
    request_body: z.string().nullable().meta({ description: 'If the key says so; secrets are taken out.' }),
    response_body: z.string().nullable(),
  })
  .meta({ id: 'LoggedRequest', description: 'One row of the access log.' })

/** A page of the access log as the document shows it. */
export const exampleRequests = {
  items: [
    {
      request_id: '5a0c2f6e-6a4e-4c51-9f6e-0f6f3b3c9a11',
      at: '2025-01-01T12:20:00.000Z',
      key_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      key_name: 'ci',
      method: 'GET',
      route: '/v1/key/{key_path}',
      status: 200,
      code: null,
      ip: '203.0.113.7',
      ms: 2,
      bytes_in: 0,
      bytes_out: 10,
      request_body: null,
      response_body: null,
    },
  ],
  next_cursor: null,
}

/** Seed 1's access log over all keys. */
export const requests = {
  list: endpoint({
    method: 'GET',
    path: '/requests',
    tag: 'API keys',
    summary: 'Read the access log of all keys',
    description:
      'One row for each request whose key could be told, refused ones included; those of test keys too. Newest first, within about a second of the request. Kept as long as the project’s settings say, 30 days unless changed.',
    access: 'keys:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      key_id: id.optional(),
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
      route: text(200).optional().meta({ description: 'A template, exactly.' }),
      status: z.number().int().min(100).max(599).optional(),
      failed: z.boolean().optional().meta({ description: 'Only statuses from 400 on, or only those below.' }),
      ip: text(50).optional(),
      since: time.optional(),
      until: time.optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(request),
    errors: [],
    example: {
      output: exampleRequests,
    },
  }),
}
