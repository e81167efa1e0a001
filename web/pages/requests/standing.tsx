import { Button } from '@mantine/core'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { inZone } from '../../parts/clock.ts'
import { useProject } from '../../project.tsx'
import { Notice } from '../../ui/sheet.tsx'
import type { Look } from './request.tsx'

/** The yes that answers the same request again at this moment, and the way to end it. */
export function Standing({ policy_id, by, expires_at }: NonNullable<Look['standing']>) {
  const { id, api, role } = useProject()
  const change = useChange({
    run: () => api.policies.endStanding.mutate({ id: policy_id }),
    stale: [
      ['permissions', id],
      ['policies', id],
    ],
    says: 'Ended; the next request is asked again.',
  })
  return (
    <Notice>
      <p>
        Yes for a while, given by {visible(by.name)}: the same request is approved at once, until{' '}
        <time dateTime={expires_at}>{inZone(expires_at)}</time>.
      </p>
      {atLeast(role, 'MEMBER') && (
        <Button variant="default" size="sm" mt="xs" loading={change.busy} onClick={() => void change.go()}>
          End it now
        </Button>
      )}
    </Notice>
  )
}
