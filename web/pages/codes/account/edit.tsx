import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { Problem } from '../../../ui/problem.tsx'
import css from './account.module.css'
import type { Account } from './account.ts'
import { AccountFields } from './fields.tsx'
import { changesOf, formOf, isUri } from './form.ts'

/** Changes an account: only what differs is sent, so that two people who change different fields do not undo each other. */
export function EditAccount({ account, done }: { account: Account; done: () => void }) {
  const { id, api } = useProject()
  const [before] = useState(account)
  const [form, setForm] = useState(() => formOf(account))
  const changes = changesOf(form, before)
  const change = useChange({
    run: () => api.accounts.update.mutate({ accountId: account.id, ...changes }),
    stale: [['accounts', id]],
    says: 'Saved.',
    done,
    here: true,
  })
  return (
    <form
      className={css.stack}
      noValidate
      aria-label="Edit the account"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isUri(form.seed)) void change.go()
      }}
    >
      <AccountFields
        fresh={false}
        form={form}
        put={(words) => setForm((now) => ({ ...now, ...words }))}
        at={change.at}
      />
      {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
      <div className={css.buttons}>
        <Button type="submit" loading={change.busy} disabled={Object.keys(changes).length === 0}>
          Save
        </Button>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
