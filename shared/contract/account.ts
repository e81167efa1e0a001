import { z } from 'zod'
import { totpFields } from '../totp.ts'
import { actorRef, id, secret, text, time } from '../words.ts'

/** An account's id as this service returned it; any text is taken, and what names no account is not found. */
export const accountId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_.:-]+$/, 'Must be an id as this service returns it.')
  .meta({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV', description: 'Opaque: send it as it was returned.' })

const line = (max: number) =>
  text(max)
    .transform((value) => value.trim())
    .pipe(z.string().regex(/^\P{Cc}*$/u, 'Must be one line.'))

/** One tag: up to 50 bytes, on one line, without commas; compared as it is written. */
export const tag = line(50).pipe(
  z
    .string()
    .min(1)
    .regex(/^[^,]*$/, 'Must not have a comma.'),
)

/** Tags, each once, in the order they were given. */
export const tags = z
  .array(tag)
  .max(20)
  .transform((all) => [...new Set(all)])
  .meta({ type: 'array', items: { type: 'string' }, example: ['engineering', 'prod'] })

/** What an account is made and changed with (seed 3). */
export const accountFields = {
  name: line(200)
    .pipe(z.string().min(1))
    .meta({ type: 'string', example: 'GitHub', description: 'Whose codes: often a user name or an address.' }),
  issuer: line(200).meta({ type: 'string', example: 'GitHub', description: 'The service that asks for the codes.' }),
  tags,
  ...totpFields,
}

/** What a grant lets somebody do: `viewer` gets codes; `manager` also edits and grants. */
export const grantRole = z
  .enum(['viewer', 'manager'])
  .meta({ description: '`viewer`: codes. `manager`: also edit and grant.' })

export type GrantRole = z.infer<typeof grantRole>

const counted = z
  .strictObject({
    max: z.number().int().min(1),
    left: z.number().int().min(0),
  })
  .meta({ id: 'CountedCodes', description: 'So many codes in all, one for each time step, and how many are left.' })

/** A shared account as whoever asks may see it. Never its seed, never a code. */
export const account = z
  .strictObject({
    id,
    name: z.string(),
    issuer: z.string(),
    tags: z.array(z.string()),
    algorithm: totpFields.algorithm,
    digits: totpFields.digits,
    period: totpFields.period,
    owner: z
      .strictObject({ id, name: z.string(), email: z.string() })
      .nullable()
      .meta({ description: 'The person whose account it is; null: nobody’s, and admins see to it.' }),
    access: z
      .strictObject({
        role: grantRole,
        codes: counted.nullable().meta({ description: 'null: as many as wanted.' }),
        expires_at: time.nullable().meta({ description: 'When this access ends by itself.' }),
      })
      .meta({ id: 'AccountAccess', description: 'What whoever asks may do with it.' }),
    only_by_approval: z
      .boolean()
      .meta({ description: 'API keys get its codes only by an approval that releases them.' }),
    created_at: time,
    created_by: actorRef,
    updated_at: time,
  })
  .meta({ id: 'Account', description: 'A shared TOTP account. Never its seed, never a code.' })

/** A code, or why there is none. */
export const code = z
  .strictObject({
    id: z.string(),
    code: secret(z.string()).optional().meta({ example: '492039' }),
    next_code: secret(z.string())
      .nullable()
      .optional()
      .meta({ description: 'The code after this one; null for who is given codes by count.' }),
    period: totpFields.period.optional(),
    seconds_remaining: z.number().int().optional().meta({ description: 'Seconds that `code` lasts, rounded up.' }),
    expires_at: time.optional(),
    codes_left: z.number().int().optional().meta({ description: 'Of access by count: how many codes are left.' }),
    error: z.string().optional().meta({ description: 'Why there is no code, as a sentence.' }),
    error_code: z.enum(['NOT_FOUND', 'CODES_USED_UP', 'STEP_USED', 'KEY_MISSING', 'ONLY_BY_APPROVAL']).optional().meta({
      description:
        'The same for programs. `STEP_USED`: by count there is one code for each time step. `ONLY_BY_APPROVAL`: create an approval with `release`.',
    }),
  })
  .meta({ id: 'Code', description: 'The current code of one account, or why there is none.' })

/** One grant, as whoever may grant sees it. */
export const permission = z
  .strictObject({
    id,
    email: z.string().nullable().meta({ description: 'Of a person.' }),
    key: z
      .strictObject({ id, name: z.string() })
      .nullable()
      .meta({ description: 'Of an API key; its successors too.' }),
    name: z.string().nullable(),
    role: grantRole,
    status: z
      .enum(['active', 'invited', 'expired', 'used', 'revoked'])
      .meta({ description: '`invited`: works once this person has joined. `used`: all its codes were given.' }),
    codes: counted.nullable(),
    expires_at: time.nullable(),
    granted_at: time,
    granted_by: actorRef,
  })
  .meta({ id: 'AccountPermission', description: 'Who else may use an account.' })

/** What an account is exported as. */
export const exported = z
  .strictObject({
    secret: secret(z.string()).meta({ example: 'JBSWY3DPEHPK3PXP' }),
    otpauth_uri: secret(z.string()).meta({
      example: 'otpauth://totp/GitHub:GitHub?secret=JBSWY3DPEHPK3PXP&issuer=GitHub&algorithm=SHA1&digits=6&period=30',
    }),
  })
  .meta({ id: 'ExportedAccount', description: 'A seed on its way out.' })

/** One line of what is imported. */
export const importedLine = z
  .strictObject({
    line: z.number().int().min(1).meta({ description: 'Which of `uris`, from 1; a migration has several lines.' }),
    status: z
      .enum(['new', 'duplicate', 'error'])
      .meta({ description: '`duplicate`: its seed is here already, or stands above.' }),
    name: z.string().nullable(),
    issuer: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'What is wrong, or what it duplicates.' }),
    id: id.nullable().meta({ description: 'The account that was added.' }),
  })
  .meta({ id: 'ImportedLine', description: 'One line of what is imported.' })

/** What happened with an account, for who manages it; never a code. */
export const accountEvent = z.strictObject({
  id: z.string(),
  at: time,
  name: z.string(),
  actor: actorRef,
  ip: z.string().nullable(),
  about: z.string().nullable(),
})

export const exampleAccount = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  name: 'GitHub',
  issuer: 'GitHub',
  tags: ['engineering', 'prod'],
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
  owner: { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Ana Silva', email: 'ana@example.com' },
  access: { role: 'manager', codes: null, expires_at: null },
  only_by_approval: false,
  created_at: '2025-01-01T12:00:00.000Z',
  created_by: { type: 'key', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'ci' },
  updated_at: '2025-01-01T12:00:00.000Z',
}

export const examplePermission = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  email: 'ana@example.com',
  key: null,
  name: 'Ana Silva',
  role: 'viewer',
  status: 'active',
  codes: { max: 3, left: 3 },
  expires_at: '2025-01-01T12:30:00.000Z',
  granted_at: '2025-01-01T12:00:00.000Z',
  granted_by: { type: 'person', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Bo Berg' },
}
