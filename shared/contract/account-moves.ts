import { z } from 'zod'
import { secret, text } from '../words.ts'
import { accountId, exported, importedLine, tags } from './account.ts'
import { endpoint, mutation } from './endpoint.ts'

const family = { tag: 'TOTP accounts', limit: 'accounts' } as const

/** Most lines in one import, and most accounts. */
export const mostImported = 500

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

/** How seeds come in, and the only ways they leave. */
export const accountMoves = {
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
    errors: ['NOT_FOUND', 'NOT_YOUR_ACCOUNT', 'ONLY_BY_APPROVAL', 'KEY_MISSING'],
    example: {
      output: {
        secret: 'JBSWY3DPEHPK3PXP',
        otpauth_uri:
          'otpauth://totp/GitHub:GitHub?secret=JBSWY3DPEHPK3PXP&issuer=GitHub&algorithm=SHA1&digits=6&period=30',
      },
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
  /** Every account of one's own, as a list that other apps read. */
  exportOwn: mutation({
    access: 'accounts:export',
    fresh: true,
    input: z.strictObject({}),
    output: z.strictObject({ otpauth_uris: z.array(secret(z.string())) }),
    errors: ['KEY_MISSING'],
  }),
}
