import { z } from 'zod'
import { events } from '../events.ts'
import { actorRef, cursor, id, page, pageLimit, text, time } from '../words.ts'
import { endpoint, query } from './endpoint.ts'

const eventNames = Object.keys(events)

export const auditRow = z
  .strictObject({
    id,
    at: time,
    action: z.string().meta({ example: 'approval.executed' }),
    actor: actorRef,
    target: z.string().meta({ example: 'approval:01ARZ3NDEKTSV4RRFFQ69G5FAV', description: '`kind:id`' }),
    context: z.record(z.string(), z.unknown()).meta({ description: 'What else is known; never a value or a secret.' }),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    request_id: z.string().nullable(),
    seal: z.number().int().nullable().meta({ description: 'Number of the seal that covers it; null: not sealed yet.' }),
  })
  .meta({ id: 'AuditEntry', description: 'What happened: who did what to what, when and from where.' })

const filters = {
  actor: text(200).optional().meta({ description: 'An id or `type:id`, or part of a name.' }),
  action: text(100)
    .optional()
    .meta({
      example: 'approval.executed',
      description: `One action, or a family as \`approval.*\`. ${eventNames.length} actions are known.`,
    }),
  target: text(600).optional().meta({ description: '`kind:id`, or `kind:` for all of a kind.' }),
  since: time.optional(),
  until: time.optional(),
}

const auditHead = z
  .strictObject({
    project_id: id,
    number: z.number().int().meta({ description: 'Seals so far; 0: nothing is sealed yet.' }),
    total: z.number().int().meta({ description: 'Rows sealed so far.' }),
    head: z.string().nullable().meta({ description: 'The hash over all of them, hex.' }),
    at: time.nullable(),
    signature: z
      .string()
      .nullable()
      .meta({ description: 'Ed25519 (RFC 8032) over the canonical JSON of the other fields, base64url.' }),
    public_key: z.string().meta({ description: 'Raw Ed25519 public key, base64url.' }),
  })
  .meta({
    id: 'AuditHead',
    description: 'The signed head of a project’s hash chain: keep it, and no row before it can change unseen.',
  })

const exampleEntry = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  at: '2025-01-01T12:21:00.000Z',
  action: 'approval.executed',
  actor: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Ana Silva' },
  target: 'approval:01ARZ3NDEKTSV4RRFFQ69G5FAV',
  context: {
    approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    key_path: 'deploy/prod',
    ref_id: null,
    action: 'approve',
    version: 2,
  },
  ip: '203.0.113.7',
  user_agent: 'Mozilla/5.0',
  request_id: '5a0c2f6e-6a4e-4c51-9f6e-0f6f3b3c9a11',
  seal: 12,
}

/** Seed 3's audit log, with its hash chain. */
export const audit = {
  list: endpoint({
    method: 'GET',
    path: '/audit',
    tag: 'Audit',
    summary: 'List audit entries',
    description: 'Newest first. Every change of state and every look at something secret.',
    access: 'audit:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({ ...filters, limit: pageLimit, cursor: cursor.optional() }),
    output: page(auditRow),
    errors: [],
    example: { output: { items: [exampleEntry], next_cursor: null } },
  }),
  export: endpoint({
    method: 'GET',
    path: '/audit/export',
    tag: 'Audit',
    summary: 'Export the audit log',
    description:
      'Oldest first, one line for each entry: newline-delimited JSON, or CSV with a header line (cells that a spreadsheet would run are quoted with an apostrophe). The export is an entry of its own.',
    access: 'audit:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      format: z.enum(['ndjson', 'csv']).default('ndjson'),
      ...filters,
      project: text(26).optional().meta({ description: 'For a signed-in person: which project.' }),
    }),
    output: z.unknown(),
    errors: [],
    example: {},
    streams: ['application/x-ndjson', 'text/csv'],
    fresh: true,
    bySession: true,
  }),
  head: endpoint({
    method: 'GET',
    path: '/audit/head',
    tag: 'Audit',
    summary: 'Read the signed head of the audit log',
    description:
      'Keep it elsewhere: `countersign audit:verify --head` proves later that nothing before it was changed.',
    access: 'audit:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({}),
    output: auditHead,
    errors: [],
    example: {
      output: {
        project_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        number: 12,
        total: 481,
        head: 'c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a',
        at: '2025-01-01T12:21:01.000Z',
        signature: 'k0u0uNq0d6xq0t3m2aTtP2q7fQ1Zc0eV9m5uX8jW3nYb4sR6vL1gH7dK2pC5aE8zT9wQ0rS1yU4iO6xM3fB7Dg',
        public_key: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      },
    },
  }),
  /** Walks the whole chain and says what it found. */
  verify: query({
    access: 'audit:read',
    input: z.strictObject({}),
    output: z.strictObject({
      verdict: z.enum(['intact', 'tampered', 'empty']),
      sealed: z.number().int(),
      unsealed: z.number().int(),
      dropped: z.number().int(),
      seals: z.number().int(),
      faults: z.array(z.strictObject({ seal: z.number().int().nullable(), sentence: z.string() })),
    }),
  }),
}
