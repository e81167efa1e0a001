import type { Api } from '../../call.ts'
import { Fault } from '../fault.ts'
import { asFragment, newKey, sealedLength, sealFile, sealNote } from '../seal.ts'
import { faultsIn, isByBrowser, type Wish } from './wish.ts'

/** What a creation is sent, and what it answers; guests send less of it. */
export type Input = Parameters<Api['secrets']['create']['mutate']>[0]
export type Made = Awaited<ReturnType<Api['secrets']['create']['mutate']>>

/** A secret that was made: its two links, and what belongs to handing them on. */
export type Shared = {
  link: string
  secretKey: string
  metadataKey: string
  receipt: string
  passphrase: string
  /** ISO 8601, by the server's clock. */
  expiresAt: string
  byBrowser: boolean
  /** Shortened, as the server answers it; it was mailed the link. */
  recipient: string | undefined
  /** The file that has to follow before the secret can be read. */
  file: { upload: string; sealed: Blob; name: string; secretKey: string } | undefined
}

const fileNote = ({ name, type, size }: File) => ({ name: name.slice(0, 200), type: type.slice(0, 100), bytes: size })

/** Seals a file; one that was changed or taken away since it was chosen cannot be read any more. */
const sealed = (key: Uint8Array<ArrayBuffer>, file: File) =>
  sealFile(key, file).catch(() => {
    const message = 'The file could not be read; choose it again.'
    throw new Fault('INVALID_INPUT', message, { issues: [{ path: 'file', message }] })
  })

/** What both ways of encrypting send beside the text. */
const fieldsOf = (wish: Wish) => ({
  ttl: wish.ttl,
  ...(wish.passphrase === '' ? {} : { passphrase: wish.passphrase }),
  ...(wish.recipient.trim() === '' ? {} : { recipient: wish.recipient.trim() }),
  ...(wish.memo.trim() === '' ? {} : { memo: wish.memo.trim() }),
  ...(wish.tellMe ? { notify_me: true } : {}),
})

/**
 * Makes a secret. When the browser encrypts, the key is made here, and stands in the link's fragment and nowhere else: neither
 * it nor text nor file are in any request. Refuses like the server, by field, what the server cannot see.
 */
export async function share(wish: Wish, create: (input: Input) => Promise<Made>): Promise<Shared> {
  const issues = faultsIn(wish)
  if (issues[0]) throw new Fault('INVALID_INPUT', issues[0].message, { issues })
  if (!isByBrowser(wish)) return sharedOf(wish, await create({ secret: wish.text, ...fieldsOf(wish) }))
  const { text, file } = wish
  const key = newKey()
  const blob = file && (await sealed(key, file))
  const made = await create({
    secret: await sealNote(key, { text, ...(file ? { file: fileNote(file) } : {}) }),
    encrypted_by: 'browser',
    ...(file ? { file_bytes: sealedLength(file.size) } : {}),
    ...fieldsOf(wish),
  })
  return sharedOf(wish, made, await asFragment(key), file && blob && { name: file.name, sealed: blob })
}

function sharedOf(wish: Wish, made: Made, fragment?: string, file?: { name: string; sealed: Blob }): Shared {
  const { secret_key: secretKey, metadata_key: metadataKey, upload } = made
  // Null only in lists and once the secret is gone.
  if (!secretKey || !metadataKey) throw new Error('A new secret came without its keys.')
  return {
    link: `${location.origin}/s/${secretKey}${fragment === undefined ? '' : `#${fragment}`}`,
    secretKey,
    metadataKey,
    receipt: `${location.origin}/private/${metadataKey}`,
    passphrase: wish.passphrase,
    expiresAt: new Date((made.created + made.ttl) * 1000).toISOString(),
    byBrowser: fragment !== undefined,
    recipient: made.recipient[0],
    file: file && upload !== undefined ? { ...file, upload, secretKey } : undefined,
  }
}
