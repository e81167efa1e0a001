import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import css from './approvals.module.css'

const many = (count: number) => `${count} approval${count === 1 ? '' : 's'}`

/** What can be done with the chosen approvals. At most 100 at once. */
export function Bulk({ picked, done }: { picked: ReadonlySet<string>; done: () => void }) {
  const { id, api } = useProject()
  const [asked, setAsked] = useState(false)
  const ids = [...picked].slice(0, 100)
  const change = useChange({
    run: () => api.approvals.invalidateMany.mutate({ approval_ids: ids }),
    stale: [
      ['approvals', id],
      ['inbox', id],
    ],
    says: ({ invalidated, refused }) =>
      refused.length === 0
        ? `${many(invalidated.length)} invalidated.`
        : `${many(invalidated.length)} invalidated; ${refused.length} had ended already.`,
    done,
    here: true,
  })
  return (
    <section className={css.bulk} aria-label="Chosen approvals">
      <span>{many(picked.size)} chosen</span>
      <Button size="sm" color="red" onClick={() => setAsked(true)}>
        Invalidate {ids.length}…
      </Button>
      <Button size="sm" variant="default" onClick={done}>
        Choose none
      </Button>
      <ConfirmDialog
        opened={asked}
        close={() => setAsked(false)}
        title={`Invalidate ${many(ids.length)}?`}
        verb={`Invalidate ${many(ids.length)}`}
        confirm={() => change.go()}
        busy={change.busy}
        fault={change.fault}
      >
        Their links stop working at once, and nobody can decide them any more. The values stay as they are.
      </ConfirmDialog>
    </section>
  )
}
