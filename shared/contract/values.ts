import { z } from 'zod'
import { actorRef, cursor, id, keyPath, page, pageLimit, secret, time, valueText, wait } from '../words.ts'
import { endpoint, mutation, query } from './endpoint.ts'

/** A stored value with its version. Versions only grow, also over a deletion, so a version names one state for good. */
export const storedValue = z
  .strictObject({
    key_path: z.string().meta({ example: 'deploy/prod' }),
    value: secret(z.string().meta({ example: 'approved' })),
    version: z.number().int().min(1).meta({ description: 'Grows with every change; also the ETag.' }),
    updated_at: time,
    updated_by: actorRef,
  })
  .meta({ id: 'StoredValue', description: 'A stored value with its version.' })

const listedValue = storedValue
  .extend({
    value: secret(z.string())
      .nullable()
      .meta({ description: 'Null: it leaves only by an approval, and an API key asked.' }),
    only_by_approval: z.boolean().meta({ description: 'API keys read it only by an approval that releases it.' }),
  })
  .meta({ id: 'ListedValue', description: 'A value in a list.' })

const guard = z.strictObject({ key_path: keyPath, created_at: time, created_by: actorRef })

const version = z
  .strictObject({
    version: z.number().int().min(1),
    value: secret(z.string()).nullable().meta({ description: 'null: this version deleted the value.' }),
    at: time,
    by: actorRef,
    approval_id: z.string().nullable().meta({ description: 'The approval that set it, if one did.' }),
  })
  .meta({ id: 'ValueVersion', description: 'One version of a value: what, when, and by whom.' })

const pendingApproval = z
  .strictObject({ approval_id: id, expires_at: time })
  .meta({ id: 'PendingApproval', description: 'An approval that can still be decided.' })

const condition = z
  .string()
  .max(200)
  .regex(/^(\*|(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*|\d+)$/, 'Must be *, a version, or a list of ETags.')
  .optional()

const full = {
  key_path: 'deploy/prod',
  value: 'approved',
  version: 2,
  updated_at: '2025-01-01T12:00:00.000Z',
  updated_by: { type: 'key', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'ci' },
}

/** Seed 0's key/value storage. */
export const values = {
  get: endpoint({
    method: 'GET',
    path: '/key/{key_path}',
    tag: 'Values',
    summary: 'Read a value',
    description:
      'Answers the value as a JSON string, quotes included; `Accept: text/plain` answers the bare text and `?view=full` an object. The version is the ETag. With `wait` the reply comes as soon as the version differs from `If-None-Match` (else from the version on arrival), or at the end of the wait; an absent value can be waited for too. A path that people marked "only by approval" answers a key 403: create an approval with `release: {"value": key_path}` and read it there.',
    access: 'values:read',
    limit: 'key read',
    status: 200,
    input: z.strictObject({
      key_path: keyPath,
      wait: wait.optional(),
      view: z.enum(['full']).optional(),
      if_none_match: condition,
    }),
    output: storedValue,
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED', 'ONLY_BY_APPROVAL'],
    example: { output: full },
    headers: { 'if-none-match': 'if_none_match' },
    represents: 'value',
  }),
  put: endpoint({
    method: 'PUT',
    path: '/key/{key_path}',
    tag: 'Values',
    summary: 'Set a value',
    description:
      'The raw body is the value, whatever its content type. With `Content-Type: application/json` a JSON scalar or `{"value": …}` is read instead, and any scalar is kept as text. `If-Match: <version>` and `If-None-Match: *` make it conditional. 201 when the value is new.',
    access: 'values:write',
    limit: 'key write',
    status: 200,
    input: z.strictObject({
      key_path: keyPath,
      value: valueText,
      view: z.enum(['full']).optional(),
      if_match: condition,
      if_none_match: z.enum(['*'], 'Only * is understood when writing.').optional(),
    }),
    output: storedValue.extend({ created: z.boolean() }),
    errors: ['KEY_PATH_NOT_ALLOWED', 'VERSION_MISMATCH'],
    example: { input: { value: 'deployed' }, output: { ...full, value: 'deployed', created: false } },
    headers: { 'if-match': 'if_match', 'if-none-match': 'if_none_match' },
    rawBody: 'value',
    represents: 'value',
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/key/{key_path}',
    tag: 'Values',
    summary: 'Delete a value',
    description: 'The history keeps what it was. 404 when there is none.',
    access: 'values:write',
    limit: 'key write',
    status: 204,
    input: z.strictObject({ key_path: keyPath, if_match: condition }),
    output: z.void(),
    errors: ['NOT_FOUND', 'KEY_PATH_NOT_ALLOWED', 'VERSION_MISMATCH'],
    example: {},
    headers: { 'if-match': 'if_match' },
  }),
  pending: endpoint({
    method: 'GET',
    path: '/key/{key_path}/pending',
    tag: 'Values',
    summary: 'See whether an approval for a value is pending',
    description: 'The newest pending approval, and all of them newest first. Never a link: an id opens nothing.',
    access: 'values:read',
    limit: 'key read',
    status: 200,
    input: z.strictObject({ key_path: keyPath }),
    output: z.strictObject({ pending: pendingApproval.nullable(), approvals: z.array(pendingApproval) }),
    errors: ['KEY_PATH_NOT_ALLOWED'],
    example: {
      output: {
        pending: { approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', expires_at: '2025-01-01T12:30:00.000Z' },
        approvals: [{ approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', expires_at: '2025-01-01T12:30:00.000Z' }],
      },
    },
  }),
  history: endpoint({
    method: 'GET',
    path: '/key/{key_path}/history',
    tag: 'Values',
    summary: 'List the versions of a value',
    description: 'Newest first: what it was, when, and who set it, by a key or by an approval.',
    access: 'values:read',
    limit: 'key read',
    status: 200,
    input: z.strictObject({ key_path: keyPath, limit: pageLimit, cursor: cursor.optional() }),
    output: page(version),
    errors: ['KEY_PATH_NOT_ALLOWED', 'ONLY_BY_APPROVAL'],
    example: {
      output: {
        items: [
          {
            version: 2,
            value: 'approved',
            at: '2025-01-01T12:00:00.000Z',
            by: { type: 'visitor', id: null, name: 'link holder' },
            approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
          },
        ],
        next_cursor: null,
      },
    },
  }),
  list: endpoint({
    method: 'GET',
    path: '/keys',
    tag: 'Values',
    summary: 'List values',
    description: 'Most recently created first; `prefix` keeps those whose path begins with it.',
    access: 'values:read',
    limit: 'key read',
    status: 200,
    input: z.strictObject({
      prefix: z
        .string()
        .max(512)
        .regex(/^[A-Za-z0-9._~:@=+/-]*$/, 'Takes what a key path takes.')
        .optional()
        .meta({ example: 'deploy/', description: 'Keeps the values whose path begins with it.' }),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(listedValue),
    errors: [],
    example: { output: { items: [{ ...full, only_by_approval: false }], next_cursor: null } },
  }),
  /** What keys read only by an approval: every value at or below one of these paths, by path. */
  guards: query({
    access: 'values:read',
    input: z.strictObject({}),
    output: z.array(guard),
  }),
  /** Marks a path "only by approval", with all below it. What is marked already stays as it is. */
  guard: mutation({
    access: 'settings:write',
    input: z.strictObject({ key_path: keyPath }),
    output: z.void(),
    errors: ['TOO_MANY_GUARDS'],
  }),
  /** Takes a mark away: keys read there again, but for what lies below another mark. */
  unguard: mutation({
    access: 'settings:write',
    input: z.strictObject({ key_path: keyPath }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
}
