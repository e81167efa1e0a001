import { Button, NativeSelect, Stack } from '@mantine/core'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Problem } from '../../ui/problem.tsx'
import { guardsOf, pathsAbove, useGuards, useMarking } from './guards.ts'
import { Unguard } from './unguard.tsx'
import css from './values.module.css'

/** Whether API keys read a value only by an approval, by which mark, and the ways to change that. */
export function Guarding({ keyPath }: { keyPath: string }) {
  const { role } = useProject()
  const { data: guards } = useGuards()
  const [marking, setMarking] = useState(false)
  const above = guardsOf(keyPath, guards)
  const may = atLeast(role, 'ADMIN')
  if (!guards || (above.length === 0 && !may)) return null
  return (
    <Part title="API keys">
      {above.length > 0 ? (
        <>
          <div>
            <Mark icon={ShieldCheck} tone="info">
              Only by approval
            </Mark>
          </div>
          <p className={css.hint}>
            API keys read this value, what it was before included, only by an approval that releases it (
            <code>release</code>). People see it as ever.
          </p>
          {above.map(({ key_path }) => (
            <div key={key_path} className={css.guard}>
              <span>
                {key_path === keyPath ? 'Marked itself' : 'Marked with all below '}
                {key_path !== keyPath && <code>{key_path}</code>}
              </span>
              {may && <Unguard path={key_path} />}
            </div>
          ))}
        </>
      ) : (
        <div>
          <Button variant="default" onClick={() => setMarking(true)}>
            Only by approval…
          </Button>
        </div>
      )}
      {marking && <MarkDialog keyPath={keyPath} close={() => setMarking(false)} />}
    </Part>
  )
}

/** Asks how much to mark: the value, or a path above it. */
function MarkDialog({ keyPath, close }: { keyPath: string; close: () => void }) {
  const [path, setPath] = useState(keyPath)
  const { mark } = useMarking()
  return (
    <Dialog opened close={close} title="Only by approval">
      <Stack gap="md">
        <p>
          From then on API keys that read it are refused, and told to ask: people say yes to each reading. Keys may
          still write.
        </p>
        <NativeSelect
          label="What is marked"
          value={path}
          data={pathsAbove(keyPath).map((one) => ({
            value: one,
            label: one === keyPath ? one : `${one}/ with all below`,
          }))}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Problem fault={mark.fault} />
        <div className={css.buttons}>
          <Button loading={mark.busy} onClick={async () => (await mark.go(path)) && close()}>
            Mark it
          </Button>
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
        </div>
      </Stack>
    </Dialog>
  )
}
