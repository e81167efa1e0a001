import { z } from 'zod'
import { secret, time } from '../words.ts'
import { endpoint } from './endpoint.ts'
import {
  encryptedBy,
  exampleMetadata,
  fileToken,
  metadata,
  metadataFields,
  metadataKey,
  mostSealedFileBytes,
  openedSecret,
  passphrase,
  revealed,
  secretKey,
} from './secret.ts'

const byLink = { tag: 'Secret links', access: 'public', limit: 'secret' } as const

/** Sent again within 60 s, with the same link, a reply that was lost comes once more; see *At most once*. */
export const replayable = { headers: { 'idempotency-key': 'replay' } } as const

/** `Idempotency-Key` as such an entry is given it. */
export const replay = secret(z.string().regex(/^[\x20-\x7e]{8,255}$/, 'Takes 8 to 255 printable ASCII characters.'))
  .optional()
  .meta({ description: '`Idempotency-Key`: the same reply once more within 60 s, should the first be lost.' })

/** What the pages do for whoever holds a link to a secret, or its receipt. */
export const secretLinks = {
  open: endpoint({
    ...byLink,
    method: 'GET',
    path: '/link/secrets/{secret_key}',
    summary: 'See where a secret stands',
    description: 'What became of the secret behind a link. Changes nothing, however often it is read.',
    status: 200,
    input: z.strictObject({ secret_key: secretKey }),
    output: openedSecret,
    errors: ['UNKNOWN_SECRET'],
    example: {
      output: {
        status: 'waiting',
        encrypted_by: 'server',
        needs_passphrase: false,
        tries_left: null,
        file: false,
        made_by_you: false,
        created_at: '2025-01-01T12:20:00.000Z',
        expires_at: '2025-01-08T12:20:00.000Z',
        ended_at: null,
        server_time: '2025-01-01T12:21:00.000Z',
      },
    },
  }),
  reveal: endpoint({
    ...byLink,
    ...replayable,
    method: 'POST',
    path: '/link/secrets/{secret_key}/reveal',
    summary: 'Read a secret by its link',
    description: 'Exactly one call answers it, whoever races. A wrong passphrase uses up a try and never the secret.',
    status: 200,
    input: z.strictObject({ secret_key: secretKey, passphrase, replay }),
    output: revealed,
    errors: ['UNKNOWN_SECRET', 'PASSPHRASE_REQUIRED', 'WRONG_PASSPHRASE', 'KEY_MISSING', 'RATE_LIMITED'],
    example: { output: { value: 'SECRET', encrypted_by: 'server' } },
  }),
  upload: endpoint({
    ...byLink,
    method: 'PUT',
    path: '/link/uploads/{upload}',
    summary: 'Upload the file of a new secret',
    description: 'The encrypted file, exactly as many bytes as announced. Once; until then the secret cannot be read.',
    status: 204,
    bytes: mostSealedFileBytes,
    input: z.strictObject({ upload: fileToken }),
    output: z.void(),
    errors: ['NOT_FOUND', 'KEY_MISSING'],
    example: {},
  }),
  file: endpoint({
    ...byLink,
    method: 'POST',
    path: '/link/files/{ticket}',
    summary: 'Fetch the file of a secret that you read',
    description: 'The encrypted file, as often as needed within ten minutes of reading the secret; then it is gone.',
    status: 200,
    streams: ['application/octet-stream'],
    input: z.strictObject({ ticket: fileToken }),
    output: z.unknown(),
    errors: ['NOT_FOUND', 'KEY_MISSING'],
    example: {},
  }),
  receipt: endpoint({
    ...byLink,
    method: 'GET',
    path: '/link/receipts/{metadata_key}',
    summary: 'See what became of a secret that you made',
    description: 'What `metadata` says, for who holds the receipt’s link. Changes nothing.',
    status: 200,
    input: z.strictObject({ metadata_key: metadataKey }),
    output: metadata.extend({
      burned: metadataFields.received,
      contested: z.boolean(),
      encrypted_by: encryptedBy,
      memo: z.string().nullable(),
      server_time: time,
    }),
    errors: ['NOT_FOUND'],
    example: {
      output: {
        ...exampleMetadata,
        contested: false,
        encrypted_by: 'server',
        memo: null,
        server_time: '2025-01-01T12:21:00.000Z',
      },
    },
  }),
  burnByReceipt: endpoint({
    ...byLink,
    method: 'POST',
    path: '/link/receipts/{metadata_key}/burn',
    summary: 'Burn a secret by its receipt',
    description: 'Ends a secret that nobody has read. Burning it again changes nothing; one that was read answers 404.',
    status: 204,
    input: z.strictObject({ metadata_key: metadataKey }),
    output: z.void(),
    errors: ['NOT_FOUND'],
    example: {},
  }),
}
