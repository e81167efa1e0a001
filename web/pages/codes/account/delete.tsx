import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { ConfirmDialog } from '../../../ui/confirm.tsx'
import { type Account, nameOf } from './account.ts'

/** Deletes an account with its seed, which nobody can bring back. */
export function DeleteAccount({ account, gone }: { account: Account; gone: () => void }) {
  const { id, api } = useProject()
  const [asked, setAsked] = useState(false)
  const change = useChange({
    run: () => api.accounts.delete.mutate({ accountId: account.id }),
    stale: [['accounts', id]],
    says: 'Deleted, with its seed.',
    done: gone,
    here: true,
  })
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        Delete…
      </Button>
      <ConfirmDialog
        opened={asked}
        close={() => setAsked(false)}
        title={`Delete the account ${nameOf(account)}?`}
        verb="Delete account"
        confirm={() => change.go()}
        busy={change.busy}
        fault={change.fault}
      >
        <p>
          Its seed and everybody’s access to its codes end at once, and cannot be brought back. If the seed is nowhere
          else, whoever signs in there needs the service’s recovery codes.
        </p>
        <p>The log of who looked at its codes stays in the audit log.</p>
      </ConfirmDialog>
    </>
  )
}
