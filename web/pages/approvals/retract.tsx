import { Button } from '@mantine/core'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Problem } from '../../ui/problem.tsx'
import type { Approval } from './approval.tsx'

/** Takes back one's vote, while others still have to agree. */
export function Retract({ approval }: { approval: Approval }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.approvals.retract.mutate({ approval_id: approval.approval_id }),
    stale: [
      ['approvals', id],
      ['inbox', id],
    ],
    says: 'Your vote is taken back.',
    here: true,
  })
  return (
    <>
      <Problem fault={change.fault} />
      <Button variant="default" loading={change.busy} onClick={() => change.go()}>
        Take back my vote
      </Button>
    </>
  )
}
