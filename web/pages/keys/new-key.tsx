import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { useOffset } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import { KeyFields } from './fields.tsx'
import { inputOf, type KeyForm, newKeyForm } from './form.ts'
import css from './keys.module.css'
import { Shown } from './shown.tsx'

const route = getRouteApi('/p/$project/keys/new')

/** Makes an API key; its text is shown once. */
export function NewKey() {
  const { id, api } = useProject()
  const navigate = route.useNavigate()
  const offset = useOffset()
  const [form, setForm] = useState<KeyForm>(newKeyForm)
  const [made, setMade] = useState<Answers['keys']['create']>()
  const change = useChange({
    run: () =>
      api.keys.create.mutate({
        ...inputOf(form, Date.now() + offset),
        env: form.env,
        ...(form.own === '' ? {} : { key: form.own }),
      }),
    done: (key) => setMade(key),
    stale: [
      ['keys', id],
      ['inbox', id],
    ],
    here: true,
  })
  if (made)
    return (
      <Page title="Store the new key" narrow>
        <Section>
          <Shown made={made} done={() => void navigate({ to: '/p/$project/keys', search: { open: made.id } })} />
        </Section>
      </Page>
    )
  return (
    <Page title="New API key" narrow lead="A key lets a program ask, read and write here, within what you allow.">
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void change.go()
        }}
      >
        <KeyFields
          fresh
          form={form}
          put={(words) => setForm({ ...form, ...words })}
          at={change.at}
          lockedOut={change.fault?.code === 'LOCK_OUT'}
        />
        <Problem fault={change.fault} />
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            Create key
          </Button>
          <Button variant="default" onClick={() => void navigate({ to: '/p/$project/keys' })}>
            Cancel
          </Button>
        </div>
      </form>
    </Page>
  )
}
