import { z } from 'zod'
import { cursor, id, page, pageLimit, secret, text } from '../words.ts'
import { endpoint, mutation, query } from './endpoint.ts'
import {
  encryptedBy,
  exampleMetadata,
  listedSecret,
  metadata,
  metadataKey,
  mostSealedBytes,
  mostSealedFileBytes,
  passphrase,
  revealed,
  secretKey,
  secretState,
  wishFields,
} from './secret.ts'
import { replay, replayable, secretLinks } from './secret-links.ts'

const family = { tag: 'One-time secrets', limit: 'secret', status: 200, basic: true } as const

const sealedValue = text(mostSealedBytes).min(1)

/** Fields of a secret that its maker's browser encrypted, or did not. */
const madeFields = {
  secret: secret(sealedValue).meta({
    description: 'At most 10 000 bytes as UTF-8; encrypted by a browser, at most 16 384 of base64url.',
  }),
  encrypted_by: encryptedBy.default('server').meta({ description: 'Ours. `browser`: `secret` is encrypted already.' }),
  file_bytes: z
    .number()
    .int()
    .min(1)
    .max(mostSealedFileBytes)
    .optional()
    .meta({ description: 'Ours. Bytes of the encrypted file that follows; only with `encrypted_by: browser`.' }),
  ...wishFields,
}

const upload = {
  upload: secret(z.string()).optional().meta({
    description: 'Where the file goes: `PUT /v1/link/uploads/{upload}`. Until then the secret cannot be read.',
  }),
}

const created = metadata.extend(upload)

/** Seed 4's one-time secrets, and what links to them show. */
export const secrets = {
  share: endpoint({
    ...family,
    method: 'POST',
    path: '/share',
    aliases: [{ method: 'POST', path: '/create' }],
    summary: 'Share a secret',
    description:
      'Stores a secret that can be read once. Fields come in the query, a form or JSON. Give `secret_key` (or `PUBLIC_URL/s/{secret_key}`) to the recipient and keep `metadata_key`.',
    access: 'secrets:write',
    guests: true,
    keyText: true,
    idempotent: true,
    input: z.strictObject(madeFields),
    output: created,
    errors: ['MAIL_OFF', 'KEY_MISSING'],
    example: { input: { secret: 'SECRET', ttl: 3600 }, output: exampleMetadata },
  }),
  generate: endpoint({
    ...family,
    method: 'POST',
    path: '/generate',
    summary: 'Generate a secret',
    description: 'Makes a secret of 12 characters that are not mistaken for one another, and stores it like `share`.',
    access: 'secrets:write',
    guests: true,
    keyText: true,
    idempotent: true,
    input: z.strictObject({
      secret: secret(z.string())
        .optional()
        .meta({ description: 'Not read: the secret is made here. Seed 4’s own command sends it.' }),
      ...wishFields,
    }),
    output: metadata.extend({
      value: secret(z.string()).meta({ description: 'The secret that was made; shown here only.' }),
    }),
    errors: ['UNKNOWN_SECRET', 'MAIL_OFF', 'KEY_MISSING'],
    example: { input: { ttl: 3600 }, output: { ...exampleMetadata, value: '3Rg8R2sfD3Pa' } },
  }),
  retrieve: endpoint({
    ...family,
    ...replayable,
    method: 'POST',
    path: '/secret/{secret_key}',
    summary: 'Retrieve a secret',
    description:
      'Answers the secret once. Unknown, read, burned, expired, and a wrong passphrase all answer 404 `Unknown secret`; a wrong passphrase never uses it up.',
    access: 'secrets:read',
    guests: true,
    input: z.strictObject({ secret_key: secretKey, passphrase, replay }),
    output: z.strictObject({ secret_key: secretKey, value: secret(z.string()), file: revealed.shape.file }),
    errors: ['UNKNOWN_SECRET', 'KEY_MISSING', 'RATE_LIMITED'],
    example: { output: { secret_key: exampleMetadata.secret_key, value: 'SECRET' } },
  }),
  metadata: endpoint({
    ...family,
    method: 'POST',
    path: '/private/{metadata_key}',
    aliases: [{ method: 'GET', path: '/private/{metadata_key}' }],
    summary: 'Retrieve metadata',
    description:
      'What became of a secret, for who made it. A POST marks a `new` one as `viewed`; a GET changes nothing.',
    access: 'secrets:read',
    guests: true,
    input: z.strictObject({ metadata_key: metadataKey }),
    output: metadata,
    errors: ['NOT_FOUND'],
    example: { output: exampleMetadata },
  }),
  burn: endpoint({
    ...family,
    method: 'POST',
    path: '/private/{metadata_key}/burn',
    summary: 'Burn a secret',
    description:
      'Ends a secret that nobody has read; its passphrase is not needed. Burning it again answers the same, with an empty `secret_shortkey`. One that was read answers 404.',
    access: 'secrets:write',
    guests: true,
    input: z.strictObject({ metadata_key: metadataKey, passphrase }),
    output: metadata.extend({ status: secretState, secret_shortkey: z.string() }),
    errors: ['NOT_FOUND'],
    example: {
      output: { ...exampleMetadata, secret_key: null, state: 'burned', status: 'burned', secret_shortkey: '153l8v' },
    },
  }),
  recent: endpoint({
    ...family,
    method: 'GET',
    path: '/private/recent',
    summary: 'Retrieve recent metadata',
    description: 'The newest 50 secrets that this key made, newest first. `secret_key` is always null.',
    access: 'secrets:read',
    keyText: true,
    input: z.strictObject({}),
    output: z.array(metadata),
    errors: [],
    example: { output: [{ ...exampleMetadata, secret_key: null }] },
  }),
  status: endpoint({
    ...family,
    method: 'GET',
    path: '/status',
    summary: 'Is the service there?',
    description: 'What seed 4’s clients ask first.',
    access: 'public',
    input: z.strictObject({}),
    output: z.strictObject({ status: z.literal('nominal') }),
    errors: [],
    example: { output: { status: 'nominal' } },
  }),
  ...secretLinks,
  /** Makes a secret as the person who is signed in. */
  create: mutation({
    access: 'secrets:write',
    input: z.strictObject({
      ...madeFields,
      /** To the maker's own address. */
      notify_me: z.boolean().default(false),
    }),
    output: created,
    errors: ['MAIL_OFF', 'KEY_MISSING'],
  }),
  /** The project's secrets, newest first. */
  list: query({
    access: 'secrets:read',
    input: z.strictObject({
      state: secretState.optional(),
      mine: z.boolean().optional(),
      q: text(200).optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(listedSecret),
  }),
  /** Burns one by its id. */
  burnById: mutation({
    access: 'secrets:write',
    input: z.strictObject({ secret_id: id }),
    output: z.void(),
    errors: ['NOT_FOUND'],
  }),
}
