import { Switch } from '@mantine/core'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import type { Account } from './account.ts'

/** Marks an account "only by approval"; taking the mark away is for whoever owns it. */
export function Marking({ account, owns }: { account: Account; owns: boolean }) {
  const { id, api } = useProject()
  const { id: accountId, only_by_approval: marked } = account
  const change = useChange({
    run: (only_by_approval: boolean) => api.accounts.update.mutate({ accountId, only_by_approval }),
    stale: [['accounts', id]],
    says: (after) =>
      after.only_by_approval
        ? 'Keys get its codes only by an approval now.'
        : 'Keys that may read it get its codes again.',
  })
  return (
    <Switch
      label="Only by approval"
      description={
        marked && !owns
          ? 'API keys and agents get its codes only by an approval that releases them. Its owner and admins can end that.'
          : 'API keys and agents get its codes only by an approval that releases them, and change nothing of it. People keep what they have.'
      }
      checked={marked}
      disabled={change.busy || (marked && !owns)}
      onChange={(event) => void change.go(event.currentTarget.checked)}
    />
  )
}
