import { z } from 'zod'
import { email } from '../people.ts'
import { ttlBounds } from '../secret-bounds.ts'
import { actorRef, id, secret, text, time } from '../words.ts'

export { mostBytes, mostSealedBytes, mostSealedFileBytes, ttlBounds } from '../secret-bounds.ts'

/** Where a one-time secret stands (seed 4). `new` and `viewed` can still be read; `viewed` says that its metadata was. */
export const secretState = z
  .enum(['new', 'viewed', 'received', 'burned', 'expired'])
  .meta({ id: 'SecretState', description: '`new` and `viewed` can still be read; the others are final.' })

export type SecretState = z.infer<typeof secretState>

/** Who encrypted it: this server, or the browser, whose key never reaches the server. */
export const encryptedBy = z.enum(['server', 'browser'])

const linkPart = (what: string) =>
  secret(
    z
      .string()
      .regex(/^[0-9a-z]{31}$/, `Must be ${what} as it was returned.`)
      .meta({ example: '153l8vbwqx5taskp92pf05uvgjefvu9' }),
  )

/** Opens a secret once: 31 lower-case letters and digits, 160 random bits. */
export const secretKey = linkPart('a secret_key')

/** Takes the file of a secret, or fetches it: 26 Crockford base32 characters, as links have. */
export const fileToken = secret(
  z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'Must be as it was returned.')
    .meta({ example: '6XK8Q4R2M7T9V3W5Y1Z0ABCDEF' }),
)

/** Shows what became of a secret, and burns it; the same shape. */
export const metadataKey = linkPart('a metadata_key')

/** An empty text is what seed 4's clients and forms send for "none". */
const noneIfEmpty = (given: string): string | undefined => (given === '' ? undefined : given)

// More bytes than so many characters can have: what is too long is told once.
const passphraseText = text(8_000).refine((value) => [...value].length <= 1000, 'Must be at most 1000 characters.')

/** Optional; an empty one is none. */
export const passphrase = secret(z.string().transform(noneIfEmpty).pipe(passphraseText.optional()).optional())

/** Seconds to live; out of range is brought into it, and the reply says what it became. */
export const ttl = z
  .number()
  .transform((seconds) => Math.min(ttlBounds.most, Math.max(ttlBounds.least, Math.trunc(seconds))))
  .default(ttlBounds.usual)
  .meta({
    type: 'number',
    example: 3600,
    description: 'Seconds to live, 60 to 2 592 000. Out of range is clamped; the reply has what it became.',
  })

/** One address; several are refused in words that say so. An empty one is none. */
const oneAddress = z
  .string()
  .refine((given) => !/[,;]|\s\S*@/.test(given.trim()), {
    error: 'Takes one e-mail address; make a secret for each recipient.',
    abort: true,
  })
  .transform(noneIfEmpty)
  .pipe(email.optional())
  .optional()

/** What a creation takes beside the text. */
export const wishFields = {
  passphrase: passphrase.meta({ description: 'Must be known to read it; without it nobody can decrypt it.' }),
  ttl,
  recipient: oneAddress.meta({
    description: 'One e-mail address. It is sent the link, never the secret; replies show it as `a***@example.com`.',
  }),
  memo: text(200)
    .optional()
    .meta({ description: 'Ours. A name for it in lists of its project; not part of the secret.' }),
  notify: oneAddress.meta({ description: 'Ours. Told by mail when it is read, and when nobody read it in time.' }),
}

const seconds = z.number().int().meta({ description: 'Seconds since 1970 (UTC).' })

/** Seed 4's metadata: its names, integers for numbers. */
export const metadataFields = {
  custid: z.string().meta({ description: 'The user name of HTTP Basic, else the name of the key; `anon` for guests.' }),
  metadata_key: metadataKey.nullable().meta({ description: 'Private. Null in lists for another key than the maker.' }),
  secret_key: secretKey.nullable().optional().meta({ description: 'The part to share; gone once the secret is.' }),
  ttl: z.number().int().meta({ description: 'Seconds it was made for.' }),
  metadata_ttl: z.number().int().meta({ description: 'Seconds that the metadata has left; it lives twice as long.' }),
  secret_ttl: z.number().int().optional().meta({ description: 'Seconds that the secret has left; gone once it is.' }),
  state: secretState,
  created: seconds,
  updated: seconds,
  received: seconds.optional().meta({ description: 'When it was read.' }),
  recipient: z.array(z.string()).meta({ example: ['a***@example.com'] }),
  passphrase_required: z.boolean(),
}

export const metadata = z
  .strictObject(metadataFields)
  .meta({ id: 'SecretMetadata', description: 'What became of a secret (seed 4). Never the secret itself.' })

export const exampleMetadata = {
  custid: 'USERNAME',
  metadata_key: 'qjpjroeit8wra0ojeyhcw5pjsgwtuq7',
  secret_key: '153l8vbwqx5taskp92pf05uvgjefvu9',
  ttl: 3600,
  metadata_ttl: 7200,
  secret_ttl: 3600,
  state: 'new',
  created: 1_324_174_006,
  updated: 1_324_174_006,
  recipient: [],
  passphrase_required: false,
}

/** Where a link's secret stands, for who holds the link. `asked`: it has not been given yet. */
export const openedSecret = z
  .strictObject({
    status: z.enum(['asked', 'waiting', 'received', 'burned', 'expired']),
    encrypted_by: encryptedBy,
    needs_passphrase: z.boolean(),
    tries_left: z.number().int().nullable().meta({ description: 'Of this network for the next ten minutes.' }),
    file: z.boolean().meta({ description: 'A file comes with it.' }),
    made_by_you: z.boolean().meta({ description: 'You are signed in as who made it; reading it uses it up.' }),
    created_at: time,
    expires_at: time,
    ended_at: time.nullable(),
    server_time: time,
  })
  .meta({ id: 'OpenedSecret', description: 'Where a secret stands, as the holder of its link sees it.' })

/** What a reveal answers, once. */
export const revealed = z
  .strictObject({
    value: secret(z.string()).meta({
      description: 'The secret; of one that a browser encrypted, what the browser opens.',
    }),
    encrypted_by: encryptedBy,
    file: z
      .strictObject({
        ticket: secret(z.string()).meta({ description: 'Fetches the file, within ten minutes.' }),
        bytes: z.number().int(),
      })
      .optional(),
  })
  .meta({ id: 'RevealedSecret', description: 'A secret, shown once.' })

/** A secret in its project's list: no link and no secret in it, for anyone. */
export const listedSecret = z.strictObject({
  secret_id: id,
  state: secretState,
  memo: z.string().nullable(),
  encrypted_by: encryptedBy,
  passphrase: z.boolean(),
  file_bytes: z.number().int().nullable(),
  recipient: z.string().nullable(),
  created_at: time,
  created_by: actorRef,
  expires_at: time,
  ended_at: time.nullable(),
  contested: z.boolean().meta({ description: 'Somebody came for it after it was read.' }),
})
