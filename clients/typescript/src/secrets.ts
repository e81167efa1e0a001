import type { components, operations } from './api.ts'
import { answerOf, type Http, type MakingOptions, type Options, onceUnder } from './http.ts'

type Wish<Name extends 'secrets.share' | 'secrets.generate'> = NonNullable<
  operations[Name]['requestBody']
>['content']['application/json']

type Answered<Name extends 'secrets.share' | 'secrets.generate' | 'secrets.retrieve' | 'secrets.burn'> =
  operations[Name]['responses'][200]['content']['application/json']

export type NewSecret = Wish<'secrets.share'>
export type SecretWish = Omit<Wish<'secrets.generate'>, 'secret'>
export type SecretMetadata = components['schemas']['SecretMetadata']
export type SharedSecret = Answered<'secrets.share'>
export type GeneratedSecret = Answered<'secrets.generate'>
export type ReadSecret = Answered<'secrets.retrieve'>
export type OpenedSecret = components['schemas']['OpenedSecret']
export type RevealedSecret = components['schemas']['RevealedSecret']
export type BurnedSecret = Answered<'secrets.burn'>

/** Secrets that are read once. Their links are of this instance: `{instance}/s/{secret_key}`. */
export const secretsOf = ({ api, harmless }: Http) => ({
  /** Stores a secret of at most 10 000 bytes. Give `secret_key` away and keep `metadata_key`. */
  async share(wish: NewSecret, { idempotencyKey, signal }: MakingOptions = {}): Promise<SharedSecret> {
    const params = { header: onceUnder(idempotencyKey) }
    return answerOf(await api.POST('/share', { params, body: wish, signal }))
  },

  /** Has a secret of 12 characters made, which this answer shows as `value`. */
  async generate(wish: SecretWish = {}, { idempotencyKey, signal }: MakingOptions = {}): Promise<GeneratedSecret> {
    const params = { header: onceUnder(idempotencyKey) }
    return answerOf(await api.POST('/generate', { params, body: wish, signal }))
  },

  /**
   * Reads a secret, which is gone then. A lost answer comes again: for a minute, under one Idempotency-Key (8 to 255 characters).
   * @throws {NotFoundError} UNKNOWN_SECRET: read, burned, expired, never there, or under another passphrase
   */
  async read(
    secretKey: string,
    { passphrase, idempotencyKey, signal }: MakingOptions & { passphrase?: string } = {},
  ): Promise<ReadSecret> {
    const params = { path: { secret_key: secretKey }, header: onceUnder(idempotencyKey) }
    const body = passphrase === undefined ? {} : { passphrase }
    return answerOf(await api.POST('/secret/{secret_key}', { params, body, signal }))
  },

  /** Where the secret behind a link stands, and what reading it takes. Changes nothing. @throws {NotFoundError} */
  async look(secretKey: string, { signal }: Options = {}): Promise<OpenedSecret> {
    const params = { path: { secret_key: secretKey } }
    return answerOf(await api.GET('/link/secrets/{secret_key}', { params, signal }))
  },

  /**
   * Reads a secret as whoever holds its link, which says what is wrong with a passphrase; a lost answer comes again as with
   * `read`.
   * @throws {ForbiddenError} WRONG_PASSPHRASE, PASSPHRASE_REQUIRED @throws {NotFoundError}
   */
  async reveal(
    secretKey: string,
    { passphrase, idempotencyKey, signal }: MakingOptions & { passphrase?: string } = {},
  ): Promise<RevealedSecret> {
    const params = { path: { secret_key: secretKey }, header: onceUnder(idempotencyKey) }
    const body = passphrase === undefined ? {} : { passphrase }
    return answerOf(await api.POST('/link/secrets/{secret_key}/reveal', { params, body, signal }))
  },

  /** What became of a secret, for who made it. Never the secret. */
  async metadata(metadataKey: string, { signal }: Options = {}): Promise<SecretMetadata> {
    const params = { path: { metadata_key: metadataKey } }
    return answerOf(await api.POST('/private/{metadata_key}', { params, signal, fetch: harmless }))
  },

  /** Ends a secret that nobody has read. @throws {NotFoundError} when somebody has */
  async burn(metadataKey: string, { signal }: Options = {}): Promise<BurnedSecret> {
    const params = { path: { metadata_key: metadataKey } }
    return answerOf(await api.POST('/private/{metadata_key}/burn', { params, body: {}, signal, fetch: harmless }))
  },

  /** The newest 50 secrets that this key made. */
  recent: async ({ signal }: Options = {}): Promise<SecretMetadata[]> =>
    answerOf(await api.GET('/private/recent', { signal })),
})
