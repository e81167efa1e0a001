import { mostBytes } from '../../shared/contract/secret.ts'
import { Refusal, refuse } from '../../shared/errors.ts'
import { byteLength } from '../../shared/words.ts'
import { actorRef, type Ctx, tellsNobody } from '../context.ts'
import { telling } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import { randomText } from '../lib/token.ts'
import type { World } from '../world.ts'
import { fileDigest, fileOpener, newFileToken } from './attachment.ts'
import { type Epoch, epochFor } from './epochs.ts'
import {
  answerOpener,
  linkOpener,
  metadataDigest,
  newDataKey,
  newSalt,
  sealContent,
  sealMetadataKey,
  sealNotify,
  sealSecretKey,
  secretDigest,
  type Wrapped,
  wrapKey,
} from './sealing.ts'
import { type Facts, obfuscated } from './secret.ts'

/** What a secret is made of. */
export type SecretWish = {
  projectId: string
  custid: string
  content: string
  encryptedBy: 'server' | 'browser'
  /** Seconds, within its bounds. */
  ttl: number
  passphrase?: string | undefined
  /** Shown obfuscated; mailing it is the caller's, in the same transaction. */
  recipient?: string | undefined
  memo?: string | undefined
  /** Told by mail when it is read or expires. */
  notify?: string | undefined
  /** Bytes of the encrypted file that follows. */
  fileBytes?: number | undefined
  /** The key that asks, so that `recent` can show it `metadata_key` again. */
  apiKeyText?: string | undefined
  /** The answer to an ask: sealed for who asked, without a receipt. */
  answer?: { secretDigest: Uint8Array; askKey: Uint8Array } | undefined
}

/** What was stored, and the keys that are shown only here; an answer has neither. */
export type MadeSecret = Facts & {
  at: Wrapped
  secretKey: string | null
  metadataKey: string | null
  /** Where the file goes. */
  upload?: string
}

/** 31 lower-case letters and digits, 160 random bits (seed 4's shape). */
export const newPart = () => randomText('0123456789abcdefghijklmnopqrstuvwxyz', 31)

/** The epoch or the sealing key that was to be used has gone meanwhile. */
class Stale extends Error {}

/** A generation of the sealing key that is gone, as the foreign key to it says. */
const isGoneGeneration = (thrown: unknown) =>
  thrown instanceof Error && 'constraint_name' in thrown && thrown.constraint_name === generationKey

const generationKey = 'secrets_key_version_instance_keys_generation_fk'

/** Also when the key's file went before the statement could say so. */
const isStale = (thrown: unknown) =>
  thrown instanceof Stale || isGoneGeneration(thrown) || (thrown instanceof Refusal && thrown.code === 'KEY_MISSING')

/**
 * Runs what makes a secret with keys at hand. They are fetched before, on a connection of their own: asking for one more
 * within a transaction would wait for ever when every connection does so. What goes stale meanwhile is tried once more.
 */
export async function withKeys<Answer>(world: World, ttl: number, work: () => Promise<Answer>): Promise<Answer> {
  await epochFor(world, ttl)
  try {
    return await work()
  } catch (thrown) {
    if (!isStale(thrown)) throw thrown
    await world.vault.refresh()
    await epochFor(world, ttl, true)
    return work()
  }
}

/** Refuses a text that cannot be one: too long, or not what a browser makes of one. Nothing is stored then. */
export function mustBeContent(content: string, encryptedBy: 'server' | 'browser', fileBytes?: number): void {
  const no = (path: string, message: string) =>
    refuse('INVALID_INPUT', { sentence: `${path}: ${message}`, issues: [{ path, message }] })
  if (encryptedBy === 'browser') {
    if (!/^[A-Za-z0-9_.-]+$/.test(content)) no('secret', 'Must be base64url, as the browser encrypted it.')
    return
  }
  if (byteLength(content) > mostBytes) no('secret', `Must be at most ${mostBytes} bytes.`)
  if (fileBytes !== undefined) no('file_bytes', 'A file comes only with encrypted_by: browser.')
}

/** Everything of a row that is sealed, hashed or wrapped, and the keys that open it. */
async function sealed(ctx: Ctx, wish: SecretWish, at: Wrapped) {
  const { world } = ctx
  const secretKey = wish.answer ? null : newPart()
  const metadataKey = wish.answer ? null : newPart()
  const salt = wish.passphrase === undefined ? null : newSalt()
  const upload = wish.fileBytes === undefined ? undefined : newFileToken()
  const given = wish.passphrase !== undefined && salt ? { passphrase: wish.passphrase, salt } : undefined
  const answering = wish.answer && answerOpener(at, wish.answer.askKey)
  const opener = answering?.opener ?? (await linkOpener(at, secretKey ?? '', given))
  const dataKey = newDataKey()
  return {
    shown: { secretKey, metadataKey, ...(upload === undefined ? {} : { upload }) },
    digest: wish.answer?.secretDigest ?? secretDigest(world, secretKey ?? ''),
    receipt: metadataKey === null ? null : metadataDigest(world, metadataKey),
    salt,
    ephemeral: answering?.ephemeral ?? null,
    content: sealContent(at, dataKey, Buffer.from(wish.content)),
    dataKey: await wrapKey(world, at, 'data_key', opener, dataKey),
    secretKey: metadataKey === null || secretKey === null ? null : sealSecretKey(at, metadataKey, secretKey),
    metadataKey:
      metadataKey === null || wish.apiKeyText === undefined
        ? null
        : sealMetadataKey(world, at, wish.apiKeyText, metadataKey),
    notify: wish.notify === undefined || tellsNobody(ctx.actor) ? null : sealNotify(world, at, wish.notify),
    uploadDigest: upload === undefined ? null : fileDigest(world, 'upload', upload),
    uploadKey:
      upload === undefined ? null : await wrapKey(world, at, 'upload_key', fileOpener('upload', at, upload), dataKey),
  }
}

/**
 * Makes a secret: row and audit row are one statement, which takes only an epoch that still stands (its lock says so) and a
 * sealing key that does (its foreign key says so): each hot row is locked once. To be run by `withKeys`. Refuses INVALID_INPUT for a text that cannot be one.
 */
export async function makeSecret(sql: Sql, ctx: Ctx, wish: SecretWish): Promise<MadeSecret> {
  mustBeContent(wish.content, wish.encryptedBy, wish.fileBytes)
  const { world } = ctx
  const epoch: Epoch = await epochFor(world, wish.ttl)
  const { version } = world.vault.newest()
  const at: Wrapped = { id: newId(), projectId: wish.projectId, epochId: epoch.id, keyVersion: version }
  const kept = await sealed(ctx, wish, at)
  const recipient = wish.recipient === undefined ? null : obfuscated(wish.recipient)
  const keyId = ctx.actor.type === 'key' ? ctx.actor.id : null
  const [row] = await sql<Facts[]>`
    with epoch as (
      select id from secret_epochs
      where id = ${epoch.id} and destroyed_at is null and until >= now() + make_interval(secs => ${wish.ttl}::float8)
      for key share
    ), made as (
      insert into secrets (id, project_id, secret_digest, metadata_digest, encrypted_by, custid, memo, created_by, key_id, ttl,
        expires_at, gone_at, recipient, notify, passphrase, salt, ephemeral, epoch_id, key_version, content, data_key,
        sealed_secret_key, sealed_metadata_key, file_bytes, upload_digest, upload_key)
      select ${at.id}, ${at.projectId}, ${kept.digest}, ${kept.receipt}, ${wish.encryptedBy}, ${wish.custid},
        ${wish.memo ?? null}, ${sql.json(actorRef(ctx.actor))}::jsonb, ${keyId}, ${wish.ttl}::int,
        now() + make_interval(secs => ${wish.ttl}::float8), now() + make_interval(secs => 2 * ${wish.ttl}::float8),
        ${recipient}, ${kept.notify}, ${wish.passphrase !== undefined}::bool, ${kept.salt}, ${kept.ephemeral}, epoch.id,
        ${version}::int, ${kept.content}, ${kept.dataKey}, ${kept.secretKey}, ${kept.metadataKey},
        ${wish.fileBytes ?? null}::int, ${kept.uploadDigest}, ${kept.uploadKey}
      from epoch
      returning *
    ), told as (${telling(sql, ctx, {
      name: 'secret.created',
      target: sql`'secret:' || id`,
      payload: sql`jsonb_build_object('secret_id', id, 'encrypted_by', encrypted_by, 'ttl', ttl, 'passphrase', passphrase,
        'file', file_bytes is not null)`,
      from: sql`made`,
    })})
    select custid, ttl, state, created_at, updated_at, expires_at, gone_at, ended_at, recipient, passphrase, now() from made`
  if (!row) throw new Stale('The keys of a new secret went stale.')
  return { ...row, at, ...kept.shown }
}
