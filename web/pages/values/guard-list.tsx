import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import { useGuards, useMarking } from './guards.ts'
import { Unguard } from './unguard.tsx'
import css from './values.module.css'

/** The paths that keys read only by an approval, and a field that marks one more, also where no value is yet. */
export function GuardList({ close }: { close: () => void }) {
  const { role } = useProject()
  const may = atLeast(role, 'ADMIN')
  const query = useGuards()
  return (
    <Dialog opened size="lg" close={close} title="Only by approval">
      <div className={css.guards}>
        <p className={css.hint}>
          API keys read what is at or below these paths only by an approval that releases it. People see it as ever.
        </p>
        <Reading of={readingOf(query)} bones={2} height={44}>
          {(guards) =>
            guards.length === 0 ? (
              <p>No path is marked.</p>
            ) : (
              <ul className={css.guardList}>
                {guards.map(({ key_path, created_at, created_by }) => (
                  <li key={key_path} className={css.guard}>
                    <span>
                      <code>{key_path}</code>
                      <span className={css.hint}>
                        by {visible(created_by.name)}, <When iso={created_at} />
                      </span>
                    </span>
                    {may && <Unguard path={key_path} />}
                  </li>
                ))}
              </ul>
            )
          }
        </Reading>
        {may && <MarkPath />}
      </div>
    </Dialog>
  )
}

function MarkPath() {
  const [path, setPath] = useState('')
  const { mark } = useMarking()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await mark.go(path.trim())) setPath('')
  }
  return (
    <form noValidate aria-label="Mark a path" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Key path"
        description="With all below it, as deploy for deploy/prod and deploy/staging."
        required
        data-autofocus
        value={path}
        error={mark.at('key_path')}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      {mark.fault?.issues.length === 0 && <Problem fault={mark.fault} />}
      <div className={css.buttons}>
        <Button type="submit" loading={mark.busy}>
          Mark path
        </Button>
      </div>
    </form>
  )
}
