import { z } from 'zod'
import { email } from '../people.ts'
import { totpSecret } from '../totp.ts'
import { cursor, page, pageLimit, text } from '../words.ts'
import { account, accountFields, accountId, code, exampleAccount, tag, tags } from './account.ts'
import { accountBoard } from './account-board.ts'
import { accountMoves } from './account-moves.ts'
import { accountPermissions } from './account-permissions.ts'
import { endpoint } from './endpoint.ts'

const family = { tag: 'TOTP accounts', limit: 'accounts' } as const

/** Most ids in one request for codes. */
const mostCodes = 200

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
      'The current codes, in the order of `ids`. An id that may not be used gets an item with `error`, and the others still answer. Every look is in the audit log, with the ids and without the codes. Access by count spends one of its codes for each time step, here. Of an account that is marked `only_by_approval` a key gets none here, whatever it was granted: it creates an approval with `release`.',
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
      'Only the fields that are sent change. A new `secret` replaces the old one. `owner` hands the account to another member of the project, which its owner and admins may; whoever it was has no access left but by a grant. `only_by_approval` is set by whoever manages the account; only people who own it, and admins, take it away. A key changes nothing of an account that is marked so: 403.',
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
      only_by_approval: z
        .boolean()
        .optional()
        .meta({ description: 'API keys get its codes only by an approval that releases them.' }),
    }),
    output: account,
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'TAG_NOT_ALLOWED', 'ONLY_BY_APPROVAL', 'KEY_MISSING'],
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
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'ONLY_BY_APPROVAL'],
    example: {},
  }),
  ...accountMoves,
  ...accountPermissions,
  ...accountBoard,
}
