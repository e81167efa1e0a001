import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { faultOf } from '../../parts/fault.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { Edit } from './edit.tsx'
import { Guarding } from './guarding.tsx'
import { History } from './history.tsx'
import type { Value } from './level.tsx'
import css from './values.module.css'

/** One value: what it is, since when, by whom, and every version before. */
export function ValueDrawer({ keyPath, close }: { keyPath: string; close: () => void }) {
  const { id, api } = useProject()
  const query = useQuery({
    queryKey: ['values', id, 'one', keyPath],
    queryFn: () => api.values.get.query({ key_path: keyPath }),
  })
  const gone = query.error !== null && faultOf(query.error).code === 'NOT_FOUND'
  return (
    <Dialog opened drawer size="lg" close={close} title={keyPath}>
      {gone ? (
        <Empty title="No value here">It was deleted, or never set. What it was stands below.</Empty>
      ) : (
        <Reading of={readingOf(query)} bones={2}>
          {(value) => <Inside value={value} />}
        </Reading>
      )}
      <Guarding keyPath={keyPath} />
      <Part title="History">
        <History keyPath={keyPath} />
      </Part>
    </Dialog>
  )
}

function Inside({ value }: { value: Value }) {
  const { role } = useProject()
  const [editing, setEditing] = useState<Value>()
  return (
    <>
      <CopyLine text={value.value} shown={visible(value.value)} what="the value" />
      <Details
        of={[
          ['Version', String(value.version)],
          [
            'Updated',
            <>
              <When key="at" iso={value.updated_at} /> by {visible(value.updated_by.name)}
            </>,
          ],
          ['Key path', <Take key="path" text={value.key_path} what="the key path" />],
        ]}
      />
      {editing && <Edit base={editing} now={value} done={() => setEditing(undefined)} />}
      {!editing && atLeast(role, 'MEMBER') && (
        <div className={css.buttons}>
          <Button variant="default" onClick={() => setEditing(value)}>
            Change
          </Button>
          <Delete value={value} />
        </div>
      )}
    </>
  )
}

function Delete({ value: { key_path, version } }: { value: Value }) {
  const { id, api } = useProject()
  const change = useChange({
    // Exactly the version that is on show: one that was set meanwhile stays.
    run: () => api.values.delete.mutate({ key_path, if_match: String(version) }),
    stale: [['values', id]],
    says: 'Deleted; the history keeps what it was.',
    here: true,
  })
  return (
    <AskButton
      label="Delete…"
      title={`Delete the value of ${key_path}?`}
      verb="Delete value"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      Programs that read it get “not found” from now on. Its history stays, and you can set it again.
    </AskButton>
  )
}
