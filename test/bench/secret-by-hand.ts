import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import { type ByHand, digestByHand } from './by-hand.ts'
import { secretTtl } from './units.ts'

const me = { type: 'key', id: null, name: 'by hand' }

const keyOf = (secretKey: string) => Buffer.from(hkdfSync('sha256', secretKey, '', 'by hand', 32))

function sealByHand(secretKey: string, text: string): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secretKey), iv, { authTagLength: 16 })
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

function openByHand(secretKey: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed)
  const opener = createDecipheriv('aes-256-gcm', keyOf(secretKey), bytes.subarray(0, 12), { authTagLength: 16 })
  opener.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([opener.update(bytes.subarray(12, -16)), opener.final()]).toString()
}

/** Stores a secret under the key of its link: row and event in one statement. */
export async function shareByHand({ sql, projectId }: ByHand, { secret = '' }: Record<string, string>) {
  const id = ulid()
  const secretKey = randomBytes(16).toString('hex').slice(1)
  const metadataKey = randomBytes(16).toString('hex').slice(1)
  const by = sql.json(me)
  const [row] = await sql<{ created_at: Date }[]>`
    with made as (
      insert into secrets (id, project_id, secret_digest, metadata_digest, custid, created_by, ttl, expires_at, gone_at,
        epoch_id, key_version, content)
      select ${id}, ${projectId}, ${digestByHand(secretKey)}, ${digestByHand(metadataKey)}, 'by hand', ${by}::jsonb,
        ${secretTtl}::int, now() + make_interval(secs => ${secretTtl}), now() + make_interval(secs => ${2 * secretTtl}),
        (select max(id) from secret_epochs), (select max(generation) from instance_keys), ${sealByHand(secretKey, secret)}
      returning created_at
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, mac)
      values (${ulid()}, ${projectId}, 'secret.created', ${by}::jsonb, ${`secret:${id}`},
        jsonb_build_object('secret_id', ${id}::text), ${randomBytes(32)}::bytea)
    )
    select created_at from made`
  const created = Math.floor((row?.created_at.getTime() ?? 0) / 1000)
  return { custid: 'by hand', metadata_key: metadataKey, secret_key: secretKey, ttl: secretTtl, state: 'new', created }
}

/** Reads it, once: claim and event in one statement, and only then the text is opened. */
export async function readByHand({ sql }: ByHand, secretKey: string): Promise<string | undefined> {
  const by = sql.json(me)
  const [row] = await sql<{ content: Uint8Array }[]>`
    with claimed as (
      update secrets set state = 'received', ended_at = now(), ended_by = ${by}::jsonb, content = null
      where secret_digest = ${digestByHand(secretKey)} and state = 'new' and expires_at > now()
      returning id, project_id
    ), told as (
      insert into events (id, project_id, name, actor, target, payload, mac)
      select ${ulid()}, project_id, 'secret.received', ${by}::jsonb, 'secret:' || id,
        jsonb_build_object('secret_id', id), ${randomBytes(32)}::bytea from claimed
    )
    select before.content from claimed join secrets before using (id)`
  return row && openByHand(secretKey, row.content)
}
