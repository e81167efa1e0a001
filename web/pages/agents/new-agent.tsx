import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './agents.module.css'
import { KeyFields, type KeyWish, NameFields } from './fields.tsx'
import { ShownKey } from './shown.tsx'
import { adminsOnly } from './words.ts'

const route = getRouteApi('/p/$project/agents/new')

type Form = KeyWish & { name: string; description: string }

/** Makes an agent with its first key, whose text is shown once. */
export function NewAgent() {
  const { id, api, role } = useProject()
  const navigate = route.useNavigate()
  const [form, setForm] = useState<Form>({ name: '', description: '', env: 'live', scopes: [] })
  const [made, setMade] = useState<Answers['agents']['create']>()
  const put = (words: Partial<Form>) => setForm((now) => ({ ...now, ...words }))
  const change = useChange({
    run: () => api.agents.create.mutate({ ...form, name: form.name.trim(), scopes: [...form.scopes] }),
    done: (agent) => {
      setMade(agent)
      scrollTo(0, 0)
    },
    stale: [
      ['agents', id],
      ['keys', id],
    ],
    here: true,
  })
  if (!atLeast(role, 'ADMIN'))
    return (
      <Page title="New agent" narrow>
        <Empty title="Not with your role">{adminsOnly}</Empty>
      </Page>
    )
  if (made)
    return (
      <Page title="Store the agent’s key" narrow>
        <Section>
          <ShownKey
            name={made.name}
            text={made.api_key}
            done={() => void navigate({ to: '/p/$project/agents/$agent', params: { project: id, agent: made.id } })}
          />
        </Section>
      </Page>
    )
  return (
    <Page title="New agent" narrow lead="A program that asks before it acts, with a key of its own.">
      <form
        className={css.form}
        noValidate
        aria-label="New agent"
        onSubmit={(event) => {
          event.preventDefault()
          void change.go()
        }}
      >
        <NameFields form={form} put={put} at={change.at} />
        <KeyFields form={form} put={put} at={change.at} />
        <Problem fault={change.fault} />
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            Create agent
          </Button>
          <Button variant="default" onClick={() => void navigate({ to: '/p/$project/agents' })}>
            Cancel
          </Button>
        </div>
      </form>
    </Page>
  )
}
