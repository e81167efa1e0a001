import { useState } from 'react'
import { mostSealedBytes } from '../../../shared/secret-bounds.ts'
import { client } from '../../api.ts'
import { Fault, faultOf } from '../../parts/fault.ts'
import { useOnce } from '../../parts/once.ts'
import { publicBytes, readFragment, sealFor } from '../../parts/seal.ts'

/** The asker's half of a key pair, which encrypts for them alone. */
export type Half = { bytes: Uint8Array<ArrayBuffer> }

/** Undefined when it is missing, cut or mistyped. */
export async function halfIn(hash: string): Promise<Half | undefined> {
  const bytes = await readFragment(hash, publicBytes)
  return bytes && { bytes }
}

/** `given`: taken by the server from this page. */
export type Giving = { at: 'open'; fault?: Fault } | { at: 'sending' } | { at: 'given' }

async function sealed(text: string, half: Half): Promise<string> {
  const secret = await sealFor(half.bytes, { text })
  if (secret.length > mostSealedBytes) throw new Fault('BODY_TOO_LARGE', 'This is too long to be sent encrypted.')
  return secret
}

/** Gives the answer, once. `half`: encrypts it here first. `look` reads anew how the ask stands when that did not work. */
export function useGiving(token: string) {
  const [giving, setGiving] = useState<Giving>({ at: 'open' })
  const once = useOnce()
  const give = (text: string, half: Half | undefined, look: () => Promise<unknown>) =>
    once(async () => {
      setGiving({ at: 'sending' })
      try {
        await client.asks.answer.mutate({ token, secret: half ? await sealed(text, half) : text })
        setGiving({ at: 'given' })
      } catch (thrown) {
        const fault = faultOf(thrown)
        await look()
        setGiving({ at: 'open', fault })
      }
    })
  return { giving, give: (...given: Parameters<typeof give>) => void give(...given) }
}

/** Whether the reply was lost on its way: the answer may have arrived. */
export const isUnclear = ({ code }: Fault): boolean => /^(UNREACHABLE|UNAVAILABLE|INTERNAL)$/.test(code)
