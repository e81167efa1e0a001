import { Button } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './agents.module.css'
import { NameFields } from './fields.tsx'
import type { AgentDetail } from './words.ts'

/** Changes what an agent is called; only what differs is sent, so that two people do not undo each other. */
export function EditAgent({ agent, close }: { agent: AgentDetail; close: () => void }) {
  const { id, api } = useProject()
  const [before] = useState(agent)
  const [form, setForm] = useState({ name: agent.name, description: agent.description })
  const name = form.name.trim()
  const change = useChange({
    run: () =>
      api.agents.update.mutate({
        agentId: agent.id,
        ...(name === before.name ? {} : { name }),
        ...(form.description === before.description ? {} : { description: form.description }),
      }),
    stale: [['agents', id]],
    says: 'Saved.',
    done: close,
    here: true,
  })
  return (
    <Dialog opened close={close} title={`Rename ${visible(before.name)}`}>
      <form
        className={css.form}
        noValidate
        aria-label="Rename the agent"
        onSubmit={(event) => {
          event.preventDefault()
          void change.go()
        }}
      >
        <NameFields form={form} put={(words) => setForm((now) => ({ ...now, ...words }))} at={change.at} />
        {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            Save
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
