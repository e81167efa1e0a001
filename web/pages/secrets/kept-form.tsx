import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { AreaField } from '../../ui/fields.tsx'
import { useFocusFault } from '../../ui/focus-fault.ts'
import { Problem } from '../../ui/problem.tsx'
import type { KeptSecret } from './kept.tsx'
import css from './secrets.module.css'

/** Stores a release-only secret, or changes one; its text goes in and is never shown again. */
export function KeptForm({ kept, close }: { kept?: KeptSecret; close: () => void }) {
  const { id, api } = useProject()
  const [name, setName] = useState(kept?.name ?? '')
  const [text, setText] = useState('')
  const renamed = name.trim() !== kept?.name
  const change = useChange({
    run: () =>
      kept
        ? api.kept.update.mutate({
            kept_id: kept.kept_id,
            ...(renamed ? { name } : {}),
            ...(text === '' ? {} : { secret: text }),
          })
        : api.kept.create.mutate({ name, secret: text }),
    stale: [['kept', id]],
    says: kept ? 'Saved.' : 'Stored. It leaves only by an approval.',
    done: close,
    here: true,
  })
  const form = useFocusFault(change.fault)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!change.busy) void change.go()
  }
  const taken = change.fault?.code === 'NAME_TAKEN'
  return (
    <Dialog opened close={close} title={kept ? `Change ${visible(kept.name)}` : 'Store a release-only secret'}>
      <form ref={form} className={css.form} noValidate aria-label="Release-only secret" onSubmit={submit}>
        <TextInput
          label="Name"
          description="What approvers read before they say yes, as “Production database”."
          required
          data-autofocus
          maxLength={200}
          value={name}
          error={change.at('name') ?? (taken ? change.fault?.message : undefined)}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <AreaField
          label={kept ? 'New text' : 'The secret'}
          description={
            kept
              ? 'Empty: the old one stays. Approvals that wait release the new one.'
              : 'Paste it. It is sealed on the server and never shown again, to anybody.'
          }
          rows={4}
          exact
          required={!kept}
          value={text}
          error={change.at('secret')}
          put={setText}
        />
        {change.fault?.issues.length === 0 && !taken && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy} disabled={kept !== undefined && !renamed && text === ''}>
            {kept ? 'Save' : 'Store secret'}
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
