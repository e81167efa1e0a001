import { Button } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import css from './connections.module.css'
import { Deliveries } from './deliveries.tsx'
import { OnOff } from './on-off.tsx'
import { Replay } from './replay.tsx'
import { RotateSecret } from './rotate-secret.tsx'
import { StateMark } from './state.tsx'
import { TestSend } from './test-send.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { nameOf, type Webhook } from './webhooks.tsx'

type Doing = 'change' | 'rotate' | 'replay'

/** One webhook: where it is, and what became of what was sent to it. */
export function WebhookDrawer({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const { id, api } = useProject()
  const [doing, setDoing] = useState<Doing>()
  const one = { webhook_id: webhook.id }
  const stale = [['webhooks', id]]
  const turn = useChange({ run: (enabled: boolean) => api.webhooks.update.mutate({ ...one, enabled }), stale })
  const end = useChange({
    run: () => api.webhooks.delete.mutate(one),
    stale,
    says: 'The webhook is gone.',
    done: close,
    here: true,
  })
  const done = () => setDoing(undefined)
  return (
    <Dialog opened drawer size="lg" close={close} title={nameOf(webhook)}>
      <div className={css.drawer}>
        <div>
          <StateMark of={webhook} />
        </div>
        <Details
          of={[
            ['URL', visible(webhook.url)],
            ['Events', webhook.events === null ? 'All' : webhook.events.join(', ')],
            ['Failing since', webhook.failing_since && <When iso={webhook.failing_since} />],
            ['Two signatures until', webhook.rotates_until && <When iso={webhook.rotates_until} />],
            ['Made by', visible(webhook.created_by.name)],
            ['Webhook id', <Take key="id" text={webhook.id} what="the id" />],
          ]}
        />
        <TestSend what="event" send={() => api.webhooks.test.mutate(one)} />
        <div className={css.buttons}>
          <Button variant="default" onClick={() => setDoing('change')}>
            Change…
          </Button>
          <Button variant="default" onClick={() => setDoing('rotate')}>
            Rotate secret…
          </Button>
          {webhook.enabled && (
            <Button variant="default" onClick={() => setDoing('replay')}>
              Send again…
            </Button>
          )}
          <OnOff on={webhook.enabled} change={turn} />
          <AskButton
            label="Delete…"
            title={`Delete the webhook ${nameOf(webhook)}?`}
            verb="Delete webhook"
            confirm={() => end.go()}
            busy={end.busy}
            fault={end.fault}
          >
            It is told of nothing any more, and what is known of its deliveries goes with it.
          </AskButton>
        </div>
        <Part title="Deliveries">
          <Deliveries webhook={webhook} />
        </Part>
      </div>
      {doing === 'change' && <WebhookForm webhook={webhook} close={done} />}
      {doing === 'rotate' && <RotateSecret webhook={webhook} close={done} />}
      {doing === 'replay' && <Replay webhook={webhook} close={done} />}
    </Dialog>
  )
}
