import { useCallback, useState } from 'react'
import { type Fault, faultOf } from '../../parts/fault.ts'
import { useOnce } from '../../parts/once.ts'
import { type Key, openWith } from './key.ts'
import { newReplay, type Revealed, reveal } from './reveal.ts'

/** A secret while it is on the page; nowhere else in it, and in no cache. */
export type Held = {
  text: string
  file?: { name: string; bytes: number; ticket: string; key: Uint8Array<ArrayBuffer> }
}

/** `garbled`: it was given out, and what the link carries does not open it. `cleared`: it was here. */
export type Phase =
  | { at: 'sheet'; fault?: Fault }
  | { at: 'sending'; lost: boolean }
  | { at: 'held'; held: Held }
  | { at: 'garbled' }
  | { at: 'cleared' }

async function heldOf(reply: Revealed, key: Key | undefined): Promise<Held | undefined> {
  if (reply.encrypted_by === 'server') return { text: reply.value }
  const note = key && (await openWith(key, reply.value))
  if (!note || !key) return undefined
  const { text, file } = note
  if (!file || !reply.file) return { text }
  return { text, file: { name: file.name, bytes: file.bytes, ticket: reply.file.ticket, key: key.bytes } }
}

/** Whatever stood behind # was read, and is needed no more. */
const dropFragment = () => history.replaceState(history.state, '', location.pathname + location.search)

/** The way of a secret through this page. `look` reads anew where it stands, after a press that did not bring it. */
export function usePhase(secretKey: string) {
  const [phase, setPhase] = useState<Phase>({ at: 'sheet' })
  const [replay] = useState(newReplay)
  const once = useOnce()
  const send = (look: () => Promise<unknown>, key: Key | undefined, passphrase: string | undefined) =>
    once(async () => {
      setPhase({ at: 'sending', lost: false })
      try {
        const asked = { secret_key: secretKey, replay, ...(passphrase === undefined ? {} : { passphrase }) }
        const held = await heldOf(await reveal(asked, () => setPhase({ at: 'sending', lost: true })), key)
        dropFragment()
        setPhase(held ? { at: 'held', held } : { at: 'garbled' })
      } catch (thrown) {
        const fault = faultOf(thrown)
        // Tries left, an end that somebody else brought about: the server knows, and is asked before anything is drawn.
        await look()
        setPhase(fault.code === 'UNKNOWN_SECRET' ? { at: 'sheet' } : { at: 'sheet', fault })
      }
    })
  const clear = useCallback(() => setPhase((now) => (now.at === 'held' ? { at: 'cleared' } : now)), [])
  return { phase, send: (...given: Parameters<typeof send>) => void send(...given), clear }
}
