import { Button, Stack, Textarea } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Problem } from '../../ui/problem.tsx'
import type { Value } from './level.tsx'
import css from './values.module.css'

type Props = {
  /** What was on show when the change began; it is what is replaced. */
  base: Value
  /** What is stored now. */
  now: Value
  done: () => void
}

/** Changes a value only if it is still the one that was seen, so that nobody overwrites unseen. */
export function Edit({ base, now, done }: Props) {
  const { id, api } = useProject()
  const client = useQueryClient()
  const [text, setText] = useState(base.value)
  const [seen, setSeen] = useState(base.version)
  const change = useChange({
    run: async () => {
      try {
        return await api.values.put.mutate({ key_path: base.key_path, value: text, if_match: String(seen) })
      } finally {
        // Refused because somebody was first: theirs is shown before anything is replaced.
        await client.invalidateQueries({ queryKey: ['values', id] })
      }
    },
    says: 'Set.',
    done,
    here: true,
  })
  const moved = now.version !== seen
  return (
    <form
      noValidate
      aria-label="Change the value"
      onSubmit={(event) => {
        event.preventDefault()
        void change.go()
      }}
    >
      <Stack gap="sm">
        <Textarea
          label="New value"
          rows={5}
          autoFocus
          value={text}
          error={change.at('value')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {moved && (
          <div role="alert">
            <p>
              {visible(now.updated_by.name)} set version {now.version} while you were typing. It is shown above; yours
              would replace it.
            </p>
            <Button
              size="sm"
              variant="default"
              onClick={() => {
                setSeen(now.version)
                change.forget()
              }}
            >
              I have seen it; replace it with mine
            </Button>
          </div>
        )}
        {!moved && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy} disabled={moved}>
            Set value
          </Button>
          <Button variant="default" onClick={done}>
            Cancel
          </Button>
        </div>
      </Stack>
    </form>
  )
}
