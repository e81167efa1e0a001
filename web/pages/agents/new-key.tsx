import { Button } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FilterTime } from '../../ui/filters.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './agents.module.css'
import { KeyFields, type KeyWish } from './fields.tsx'
import { ShownKey } from './shown.tsx'
import type { AgentDetail } from './words.ts'

type Form = KeyWish & { expires: string | undefined }

/** Another key of an agent, beside those it has. */
export function NewAgentKey({ agent, close }: { agent: AgentDetail; close: () => void }) {
  const { id, api } = useProject()
  const [form, setForm] = useState<Form>({ env: 'live', scopes: [], expires: undefined })
  const [made, setMade] = useState<Answers['agents']['createKey']>()
  const put = (words: Partial<Form>) => setForm((now) => ({ ...now, ...words }))
  const change = useChange({
    run: () =>
      api.agents.createKey.mutate({
        agentId: agent.id,
        env: form.env,
        scopes: [...form.scopes],
        expires_at: form.expires ?? null,
      }),
    done: (key) => setMade(key),
    stale: [
      ['agents', id],
      ['keys', id],
    ],
    here: true,
  })
  return (
    // The text is shown once: it is left by its own button only.
    <Dialog
      opened
      size="lg"
      close={made ? () => undefined : close}
      title={made ? 'Store the new key' : `New key of ${visible(agent.name)}`}
    >
      {made ? (
        <ShownKey name={agent.name} text={made.key} done={close} />
      ) : (
        <form
          className={css.form}
          noValidate
          aria-label="New key of the agent"
          onSubmit={(event) => {
            event.preventDefault()
            void change.go()
          }}
        >
          <KeyFields form={form} put={put} at={change.at} />
          <FilterTime
            label="Ends (empty: never)"
            value={form.expires}
            error={change.at('expires_at')}
            put={(expires) => put({ expires })}
          />
          <Problem fault={change.fault} />
          <div className={css.buttons}>
            <Button type="submit" loading={change.busy}>
              Create key
            </Button>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
