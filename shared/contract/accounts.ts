import { z } from 'zod'
import { email } from '../people.ts'
import { totpSecret } from '../totp.ts'
import { cursor, id, page, pageLimit, secret, text, time } from '../words.ts'
import {
  account,
  accountEvent,
  accountFields,
  accountId,
  code,
  exampleAccount,
  examplePermission,
  exported,
  grantRole,
  importedLine,
  permission,
  tag,
  tags,
} from './account.ts'
import { endpoint, mutation, query } from './endpoint.ts'

const family = { tag: 'TOTP accounts', limit: 'accounts' } as const

/** Most ids in one request for codes, and most lines in one import. */
export const mostCodes = 200
export const mostImported = 500

const ids = z
  .string()
  .max(mostCodes * 65)
  .transform((given) => given.split(',').flatMap((one) => one.trim() || []))
  .pipe(
    z.array(z.string().max(64)).min(1, 'Name at least one account.').max(mostCodes, `At most ${mostCodes} at once.`),
  )
  .meta({
    type: 'string',
    example: '01ARZ3NDEKTSV4RRFFQ69G5FAV,01BX5ZZKBKACTAV9WEVGEMMVRZ',
    description: 'Ids of accounts, split by commas.',
  })

/** A list of lines of text, or of what came from pictures. */
const uris = z
  .array(secret(text(8000)))
  .min(1)
  .max(mostImported)
  .meta({
    example: ['otpauth://totp/GitHub:ana?secret=JBSWY3DPEHPK3PXP&issuer=GitHub'],
    description:
      'One account in each: `otpauth://totp/…`. Or what Google Authenticator’s export shows as QR codes: `otpauth-migration://offline?data=…`, one for each picture.',
  })

/** Seed 3's shared TOTP accounts: whoever may gets the code, and the seed stays here. */
export const accounts = {
  list: endpoint({
    ...family,
    method: 'GET',
    path: '/accounts',
    summary: 'List accounts',
    description: 'Those that whoever asks may use, newest first.',
    access: 'accounts:read',
    orAccess: ['accounts:codes'],
    status: 200,
    input: z.strictObject({
      q: text(200).optional().meta({ description: 'Part of name, issuer or a tag, in any case.' }),
      tag: tag.optional().meta({ type: 'string', description: 'Only those with this tag.' }),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(account),
    errors: [],
    example: { output: { items: [exampleAccount], next_cursor: null } },
  }),
  create: endpoint({
    ...family,
    method: 'POST',
    path: '/accounts',
    summary: 'Create an account',
    description:
      'Takes the seed, once; it leaves this service through `export` only. A person’s account is theirs; a key’s belongs to who made the key. A key that is limited to tags gives one of them.',
    access: 'accounts:write',
    status: 201,
    idempotent: true,
    input: z.strictObject({
      name: accountFields.name,
      issuer: accountFields.issuer.default(''),
      tags: tags.default([]),
      secret: totpSecret,
      algorithm: accountFields.algorithm.default('SHA1'),
      digits: accountFields.digits.default(6),
      period: accountFields.period.default(30),
    }),
    output: account,
    errors: ['TAG_NOT_ALLOWED', 'KEY_MISSING'],
    example: {
      input: { name: 'GitHub', issuer: 'GitHub', tags: ['engineering', 'prod'], secret: 'JBSWY3DPEHPK3PXP' },
      output: exampleAccount,
    },
  }),
  codes: endpoint({
    ...family,
    method: 'GET',
    path: '/accounts/codes',
    summary: 'Fetch codes',
    description:
      'The current codes, in the order of `ids`. An id that may not be used gets an item with `error`, and the others still answer. Every look is in the audit log, with the ids and without the codes. Access by count spends one of its codes for each time step, here.',
    access: 'accounts:codes',
    status: 200,
    input: z.strictObject({ ids }),
    output: z.strictObject({ items: z.array(code) }),
    errors: [],
    example: {
      input: { ids: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
      output: {
        items: [
          {
            id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
            code: '492039',
            next_code: '120774',
            period: 30,
            seconds_remaining: 17,
            expires_at: '2025-01-01T12:00:30.000Z',
          },
        ],
      },
    },
  }),
  get: endpoint({
    ...family,
    method: 'GET',
    path: '/accounts/{accountId}',
    summary: 'Fetch account details',
    description: 'All but seed and code.',
    access: 'accounts:read',
    orAccess: ['accounts:codes'],
    status: 200,
    input: z.strictObject({ accountId }),
    output: account,
    errors: ['NOT_FOUND'],
    example: { output: exampleAccount },
  }),
  update: endpoint({
    ...family,
    method: 'PATCH',
    path: '/accounts/{accountId}',
    summary: 'Update an account',
    description:
      'Only the fields that are sent change. A new `secret` replaces the old one. `owner` hands the account to another member of the project, which its owner and admins may; whoever it was has no access left but by a grant.',
    access: 'accounts:write',
    status: 200,
    input: z.strictObject({
      accountId,
      name: accountFields.name.optional(),
      issuer: accountFields.issuer.optional(),
      tags: tags.optional(),
      secret: totpSecret.optional(),
      algorithm: accountFields.algorithm.optional(),
      digits: accountFields.digits.optional(),
      period: accountFields.period.optional(),
      owner: email.optional().meta({ description: 'E-mail address of the new owner.' }),
    }),
    output: account,
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'TAG_NOT_ALLOWED', 'KEY_MISSING'],
    example: { input: { tags: ['prod'] }, output: { ...exampleAccount, tags: ['prod'] } },
  }),
  delete: endpoint({
    ...family,
    method: 'DELETE',
    path: '/accounts/{accountId}',
    summary: 'Delete an account',
    description: 'With its seed and every grant, for good. Its owner and admins may. The log of its looks stays.',
    access: 'accounts:write',
    status: 204,
    input: z.strictObject({ accountId }),
    output: z.void(),
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT'],
    example: {},
  }),
  export: endpoint({
    ...family,
    method: 'POST',
    path: '/accounts/{accountId}/export',
    summary: 'Export account secret',
    description:
      'The only way a seed leaves. A key needs `accounts:export`; a person must be an admin and have signed in within the last ten minutes. Audited.',
    access: 'accounts:export',
    status: 200,
    fresh: true,
    input: z.strictObject({ accountId }),
    output: exported,
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'KEY_MISSING'],
    example: {
      output: {
        secret: 'JBSWY3DPEHPK3PXP',
        otpauth_uri:
          'otpauth://totp/GitHub:GitHub?secret=JBSWY3DPEHPK3PXP&issuer=GitHub&algorithm=SHA1&digits=6&period=30',
      },
    },
  }),
  permissions: endpoint({
    ...family,
    method: 'GET',
    path: '/accounts/{accountId}/permissions',
    summary: 'List account access',
    description:
      'Every grant of the account, newest first, also those that have ended by themselves. Its owner, admins of the project, and keys that are not limited to other tags need none.',
    access: 'accounts:read',
    status: 200,
    input: z.strictObject({ accountId, limit: pageLimit, cursor: cursor.optional() }),
    output: page(permission),
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT'],
    example: { output: { items: [examplePermission], next_cursor: null } },
  }),
  permit: endpoint({
    ...family,
    method: 'POST',
    path: '/accounts/{accountId}/permissions',
    summary: 'Grant or revoke access',
    description:
      'Grants to a person by `email` (a member, or somebody invited) or to a key by `key_id`; granting again replaces. With `codes` so many codes are given in all, one for each time step, until `expires_at` or for `minutes`. A grant ends no later than that of who gives it. Revoking works at once on every node.',
    access: 'accounts:write',
    status: 200,
    input: z.strictObject({
      accountId,
      action: z.enum(['grant', 'revoke']),
      email: email.optional(),
      key_id: id.optional(),
      role: grantRole.default('viewer'),
      codes: z
        .number()
        .int()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'So many codes in all; needs an end, and the role `viewer`.' }),
      minutes: z.number().int().min(1).max(525_600).optional().meta({ description: 'Ends after so many minutes.' }),
      expires_at: time.optional(),
    }),
    output: permission,
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'INSUFFICIENT_ROLE'],
    example: {
      input: { action: 'grant', email: 'ana@example.com', codes: 3, minutes: 30 },
      output: examplePermission,
    },
  }),
  import: endpoint({
    ...family,
    method: 'POST',
    path: '/accounts/import',
    summary: 'Import accounts',
    description:
      'All or nothing: one line with an error adds none (400, with an issue for each). Duplicates are left out unless `duplicates` says `add`. With `dry_run` nothing is added, and each line says what would become of it.',
    access: 'accounts:write',
    status: 200,
    idempotent: true,
    input: z.strictObject({
      uris,
      tags: tags.default([]).meta({ description: 'Given to every account.' }),
      duplicates: z.enum(['skip', 'add']).default('skip'),
      dry_run: z.boolean().default(false),
    }),
    output: z.strictObject({
      items: z.array(importedLine),
      added: z.number().int(),
      missing_parts: z
        .array(z.string())
        .meta({ description: 'Pictures of an export that were not sent, as `2 of 3`.' }),
    }),
    errors: ['TAG_NOT_ALLOWED', 'KEY_MISSING'],
    example: {
      input: { uris: ['otpauth://totp/GitHub:ana?secret=JBSWY3DPEHPK3PXP&issuer=GitHub'], dry_run: true },
      output: {
        items: [{ line: 1, status: 'new', name: 'ana', issuer: 'GitHub', reason: null, id: null }],
        added: 0,
        missing_parts: [],
      },
    },
  }),
  /** Everything that the codes page shows before any code: all accounts one may use, with what one pinned and used last. */
  board: query({
    access: 'accounts:read',
    input: z.strictObject({}),
    output: z.strictObject({
      items: z.array(
        account.extend({
          pinned: z.boolean(),
          used_at: time.nullable(),
          /** May hand it on, delete it: its owner, and admins. */
          mine: z.boolean(),
        }),
      ),
      /** Codes are covered until somebody uncovers one. */
      hidden: z.boolean(),
      /** The list ends at 2 000. */
      more: z.boolean(),
    }),
  }),
  pin: mutation({
    access: 'accounts:read',
    input: z.strictObject({ accountId, pinned: z.boolean() }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
  /** A code was taken to the clipboard: told apart from looks. */
  copied: mutation({
    access: 'accounts:codes',
    limit: 'accounts',
    input: z.strictObject({ accountId }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
  /** Who looked at codes, copied, changed, granted: newest first, for who manages the account. */
  log: query({
    access: 'accounts:read',
    input: z.strictObject({ accountId, limit: pageLimit, cursor: cursor.optional() }),
    output: page(accountEvent),
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT'],
  }),
  /** Every account of one's own, as a list that other apps read. */
  exportOwn: mutation({
    access: 'accounts:export',
    fresh: true,
    input: z.strictObject({}),
    output: z.strictObject({ otpauth_uris: z.array(secret(z.string())) }),
    errors: ['KEY_MISSING'],
  }),
}
