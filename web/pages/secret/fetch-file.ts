import { openFile } from '../../parts/seal.ts'
import type { Held } from './phase.ts'

const gone = 'The file can no longer be fetched: the ten minutes are over. Ask whoever sent it for a new secret.'
const later = 'The file could not be fetched. Try again; it is there for ten minutes.'
const changed = 'The file did not arrive as it was sent, so it is not saved. Try again, or tell whoever sent it.'

/** The file of a secret, opened; else why not. Its type is nobody's word: a browser is only to save it. */
export async function fetchFile({ ticket, key, bytes }: NonNullable<Held['file']>): Promise<Blob | { failed: string }> {
  try {
    const reply = await fetch(`/v1/link/files/${ticket}`, { method: 'POST' })
    if (reply.status === 404) return { failed: gone }
    if (!reply.ok) return { failed: later }
    const file = await openFile(key, await reply.blob(), 'application/octet-stream')
    return file?.size === bytes ? file : { failed: changed }
  } catch {
    return { failed: later }
  }
}
