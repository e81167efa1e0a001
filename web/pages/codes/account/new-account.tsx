import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../../shared/roles.ts'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Page } from '../../../ui/page.tsx'
import { Problem } from '../../../ui/problem.tsx'
import css from './account.module.css'
import { nameOf } from './account.ts'
import { AccountFields } from './fields.tsx'
import { inputOf, isUri, newAccountForm } from './form.ts'

const route = getRouteApi('/p/$project/codes/new')

/** Adds one account by its seed; what was added is marked in the list. */
export function NewAccount() {
  const { id, api, role } = useProject()
  const navigate = route.useNavigate()
  const [form, setForm] = useState(newAccountForm)
  const change = useChange({
    run: () => api.accounts.create.mutate(inputOf(form)),
    stale: [['accounts', id]],
    says: (made) => `${nameOf(made)} is added.`,
    done: (made) => navigate({ to: '/p/$project/codes', params: { project: id }, search: { added: made.id } }),
    here: true,
  })
  if (!atLeast(role, 'MEMBER'))
    return (
      <Page title="Add an account">
        <Empty icon={<Lock aria-hidden size={22} />} title="Not with your role">
          This needs the role MEMBER, and yours is {role}; an admin of the project can change it under People.
        </Empty>
      </Page>
    )
  return (
    <Page
      title="Add an account"
      narrow
      lead="It is yours, and the project’s admins have it too; others get its codes once you grant it. The seed stays on the server."
    >
      <form
        className={css.stack}
        noValidate
        aria-label="Add an account"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isUri(form.seed)) void change.go()
        }}
      >
        <AccountFields fresh form={form} put={(words) => setForm((now) => ({ ...now, ...words }))} at={change.at} />
        {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            Add account
          </Button>
          <Button variant="default" onClick={() => void navigate({ to: '/p/$project/codes', params: { project: id } })}>
            Cancel
          </Button>
        </div>
      </form>
    </Page>
  )
}
