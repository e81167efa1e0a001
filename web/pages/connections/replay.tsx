import { Button, Checkbox, Stack } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FilterTime } from '../../ui/filters.tsx'
import { Problem } from '../../ui/problem.tsx'
import css from './connections.module.css'
import { nameOf, type Webhook } from './webhooks.tsx'

/** Sends all events of a time again. */
export function Replay({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const { id, api } = useProject()
  const [since, setSince] = useState<string>()
  const [until, setUntil] = useState<string>()
  const [failed, setFailed] = useState(true)
  const change = useChange({
    run: (from: string) =>
      api.webhooks.replayAll.mutate({
        webhook_id: webhook.id,
        since: from,
        ...(until === undefined ? {} : { until }),
        failed_only: failed,
      }),
    says: ({ events, more }) =>
      `${events === 1 ? '1 event is' : `${events} events are`} sent again.${more ? ' There are later ones: send again from there.' : ''}`,
    stale: [['webhooks', id]],
    done: close,
    here: true,
  })
  return (
    <Dialog opened close={close} title={`Send events to ${nameOf(webhook)} again`}>
      <Stack gap="md">
        <p>Each comes with the id that it had, so that a receiver can tell what it knows already.</p>
        <FilterTime label="Since" value={since} put={setSince} error={change.at('since')} />
        <FilterTime label="Until (empty: now)" value={until} put={setUntil} error={change.at('until')} />
        <Checkbox
          label="Only what failed"
          checked={failed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
        />
        {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button
            loading={change.busy}
            disabled={since === undefined}
            onClick={() => since !== undefined && void change.go(since)}
          >
            Send again
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </div>
      </Stack>
    </Dialog>
  )
}
