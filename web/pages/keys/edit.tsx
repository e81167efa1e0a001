import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useOffset } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import { Problem } from '../../ui/problem.tsx'
import type { Key } from './alerts.tsx'
import { KeyFields } from './fields.tsx'
import { formOf, inputOf, type KeyForm } from './form.ts'
import css from './keys.module.css'

/** Changes a key; its text stays. */
export function Edit({ apiKey, done }: { apiKey: Key; done: () => void }) {
  const { id, api } = useProject()
  const offset = useOffset()
  const [form, setForm] = useState<KeyForm>(() => formOf(apiKey))
  const change = useChange({
    run: () => api.keys.update.mutate({ keyId: apiKey.id, ...inputOf(form, Date.now() + offset) }),
    stale: [
      ['keys', id],
      ['agents', id],
      ['inbox', id],
    ],
    says: 'Saved; it holds at once on every node.',
    done,
    here: true,
  })
  return (
    <form
      className={css.form}
      noValidate
      aria-label="Edit the key"
      onSubmit={(event) => {
        event.preventDefault()
        void change.go()
      }}
    >
      <KeyFields
        fresh={false}
        form={form}
        put={(words) => setForm({ ...form, ...words })}
        at={change.at}
        lockedOut={change.fault?.code === 'LOCK_OUT'}
      />
      <Problem fault={change.fault} />
      <div className={css.buttons}>
        <Button type="submit" loading={change.busy}>
          Save
        </Button>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
