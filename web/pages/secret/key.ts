import { keyBytes, type Note, openFrom, openNote, privateBytes, readFragment } from '../../parts/seal.ts'

/** What the fragment of a browser-encrypted secret's link holds: its key, or the asker's half of an answer's. */
export type Key = { of: 'secret' | 'answer'; bytes: Uint8Array<ArrayBuffer> }

/** Undefined when it is missing, cut or mistyped. */
export async function keyIn(hash: string): Promise<Key | undefined> {
  const own = await readFragment(hash, keyBytes)
  if (own) return { of: 'secret', bytes: own }
  const half = await readFragment(hash, privateBytes)
  return half && { of: 'answer', bytes: half }
}

/** Opens what a browser sealed. Undefined when it was sealed for another link, or holds what no page of ours puts in. */
export async function openWith({ of, bytes }: Key, sealed: string): Promise<Note | undefined> {
  const note = await (of === 'secret' ? openNote : openFrom)(bytes, sealed)
  return note && isNote(note) ? note : undefined
}

/** Whoever made the secret put it together, so its shape is a stranger's word until it was looked at. */
const isNote = ({ text, file }: Note): boolean =>
  typeof text === 'string' &&
  (file === undefined ||
    (typeof file === 'object' && typeof file.name === 'string' && Number.isSafeInteger(file.bytes)))
