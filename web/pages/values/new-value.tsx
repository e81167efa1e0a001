import { Button, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './values.module.css'

/** Sets a value that is not there yet; one that is stays as it is, and is said to be there. */
export function NewValue({ close, done }: { close: () => void; done: (keyPath: string) => void }) {
  const { id, api } = useProject()
  const [keyPath, setKeyPath] = useState('')
  const [value, setValue] = useState('')
  const change = useChange({
    run: () => api.values.put.mutate({ key_path: keyPath.trim(), value, if_none_match: '*' }),
    stale: [['values', id]],
    says: 'Set.',
    done: () => {
      close()
      done(keyPath.trim())
    },
    here: true,
  })
  const there = change.fault?.code === 'VERSION_MISMATCH'
  return (
    <Dialog opened close={close} title="Set a value">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void change.go()
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Key path"
            description="Up to 8 parts split by /, as deploy/prod."
            required
            data-autofocus
            value={keyPath}
            error={
              change.at('key_path') ?? (there ? 'There is a value here already; open it to change it.' : undefined)
            }
            onChange={(event) => setKeyPath(event.currentTarget.value)}
          />
          <Textarea
            label="Value"
            rows={4}
            value={value}
            error={change.at('value')}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          {!there && <Problem fault={change.fault} />}
          <div className={css.buttons}>
            <Button type="submit" loading={change.busy}>
              Set value
            </Button>
            {there && (
              <Button
                variant="default"
                onClick={() => {
                  close()
                  done(keyPath.trim())
                }}
              >
                Open it
              </Button>
            )}
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          </div>
        </Stack>
      </form>
    </Dialog>
  )
}
