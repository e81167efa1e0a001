import { z } from 'zod'
import { email } from '../people.ts'
import { cursor, id, page, pageLimit, time } from '../words.ts'
import { accountId, examplePermission, grantRole, permission } from './account.ts'
import { endpoint } from './endpoint.ts'

const family = { tag: 'TOTP accounts', limit: 'accounts' } as const

/** Who else may use an account (seed 3). */
export const accountPermissions = {
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
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'INSUFFICIENT_ROLE', 'ONLY_BY_APPROVAL'],
    example: {
      input: { action: 'grant', email: 'ana@example.com', codes: 3, minutes: 30 },
      output: examplePermission,
    },
  }),
}
