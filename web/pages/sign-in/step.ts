import { useState } from 'react'
import { type Fault, faultOf } from '../../parts/fault.ts'

/** One step of a form outside of any session: it is tried, and its fault stands above its button. */
export function useStep(run: () => Promise<unknown>): {
  go: () => Promise<boolean>
  busy: boolean
  fault: Fault | undefined
  at: (field: string) => string | undefined
} {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault>()
  const go = async () => {
    setBusy(true)
    setFault(undefined)
    try {
      await run()
      return true
    } catch (thrown) {
      setFault(faultOf(thrown))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { go, busy, fault, at: (field) => fault?.issues.find(({ path }) => path === field)?.message }
}
