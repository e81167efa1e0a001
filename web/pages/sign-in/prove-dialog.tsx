import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { whoAmI } from '../../call.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Proof } from './proof.tsx'

/** Proves again who one is, without losing what stands on the page behind. */
export function ProveDialog({ settle }: { settle: (proven: boolean) => void }) {
  const client = useQueryClient()
  const [email] = useState(() => client.getQueryData(whoAmI.queryKey)?.email)
  const done = () => {
    void client.invalidateQueries({ queryKey: whoAmI.queryKey })
    settle(true)
  }
  return (
    <Dialog opened close={() => settle(false)} title="Sign in again" size="sm">
      <p className="dialog-lead">
        This asks for a proof of who you are within the last ten minutes. What you were doing goes on right after.
      </p>
      <Proof {...(email === undefined ? {} : { email })} done={done} />
    </Dialog>
  )
}
