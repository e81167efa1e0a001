import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './new.module.css'
import { NewFields } from './new-fields.tsx'
import { emptyForm, inputOf, type Made, type NewForm } from './new-form.ts'
import { Options } from './new-options.tsx'
import { Result } from './result.tsx'

const route = getRouteApi('/p/$project/approvals/new')

/** Asks for an approval by hand; the link is shown once. */
export function NewApproval() {
  const { id, api, role } = useProject()
  const navigate = route.useNavigate()
  const [form, setForm] = useState<NewForm>(emptyForm)
  const [made, setMade] = useState<Made>()
  const change = useChange({
    run: () => api.approvals.create.mutate(inputOf(form)),
    done: (approval) => setMade(approval),
    stale: [
      ['approvals', id],
      ['inbox', id],
    ],
    here: true,
  })
  const put = (words: Partial<NewForm>) => setForm({ ...form, ...words })
  if (!atLeast(role, 'MEMBER'))
    return (
      <Page title="Ask for an approval">
        <Empty icon={<Lock aria-hidden size={22} />} title="Not with your role">
          Asking needs the role MEMBER, and yours is {role}; an admin of the project can change it under People.
        </Empty>
      </Page>
    )
  if (made)
    return (
      <Page title="Give the link to who decides" narrow>
        <Section>
          <Result made={made} path={form.path.trim()} again={() => setMade(undefined)} />
        </Section>
      </Page>
    )
  return (
    <Page title="Ask for an approval" narrow lead="Somebody presses a button, and a value is set.">
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void change.go()
        }}
      >
        <NewFields form={form} put={put} at={change.at} />
        <Options form={form} put={put} at={change.at} />
        <Problem fault={change.fault} />
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            Make the link
          </Button>
          <Button variant="default" onClick={() => void navigate({ to: '/p/$project/approvals' })}>
            Cancel
          </Button>
        </div>
      </form>
    </Page>
  )
}
