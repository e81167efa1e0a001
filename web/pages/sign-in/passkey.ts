import { useEffect, useRef, useState } from 'react'
import { Fault, faultOf } from '../../parts/fault.ts'
import { byPasskey } from '../../sign-in.ts'

/** What the browser throws when the person closed its window, or another question took its place. */
const isChangeOfMind = (thrown: unknown) =>
  thrown instanceof Error && /^(NotAllowedError|AbortError)$/.test(thrown.name)

const faultFrom = (thrown: unknown): Fault =>
  thrown instanceof Error && !(thrown instanceof Fault) && thrown.name !== 'TRPCClientError'
    ? new Fault('PASSKEY_REFUSED', 'This browser could not use a passkey here; sign in another way.')
    : faultOf(thrown)

/** Offers passkeys in the e-mail field's autofill from the start, and by a button. */
export function usePasskey(rememberMe: boolean, done: () => void) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault>()
  const latest = useRef({ rememberMe, done })
  latest.current = { rememberMe, done }
  useEffect(() => {
    let left = false
    const offer = async () => {
      const able = await window.PublicKeyCredential?.isConditionalMediationAvailable?.().catch(() => false)
      if (!able || left) return
      try {
        await byPasskey(latest.current.rememberMe, true)
        if (!left) latest.current.done()
      } catch (thrown) {
        if (!left && thrown instanceof Fault && thrown.code === 'PASSKEY_REFUSED') setFault(thrown)
      }
    }
    void offer()
    return () => {
      left = true
    }
  }, [])
  const go = async () => {
    setBusy(true)
    setFault(undefined)
    try {
      await byPasskey(rememberMe)
      done()
    } catch (thrown) {
      if (!isChangeOfMind(thrown)) setFault(faultFrom(thrown))
    } finally {
      setBusy(false)
    }
  }
  return { go, busy, fault }
}
