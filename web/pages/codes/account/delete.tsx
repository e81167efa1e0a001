import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { AskButton } from '../../../ui/ask-button.tsx'
import { type Account, nameOf } from './account.ts'

/** Deletes an account with its seed, which nobody can bring back. */
export function DeleteAccount({ account, gone }: { account: Account; gone: () => void }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.accounts.delete.mutate({ accountId: account.id }),
    stale: [['accounts', id]],
    says: 'Deleted, with its seed.',
    done: gone,
    here: true,
  })
  return (
    <AskButton
      label="Delete…"
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
    </AskButton>
  )
}
