import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { tryOf } from './came.ts'
import css from './connections.module.css'
import { DeliveryMark } from './state.tsx'
import type { Webhook } from './webhooks.tsx'

type Props = { webhook: Webhook; eventId: string; close: () => void }

const Bytes = ({ text }: { text: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1)
  <pre tabIndex={0} className={css.body}>
    {visible(text)}
  </pre>
)

/** One delivery: its body, and what came of each try. */
export function DeliveryDialog({ webhook, eventId, close }: Props) {
  const { id, api } = useProject()
  const one = { webhook_id: webhook.id, event_id: eventId }
  const query = useQuery({
    queryKey: ['webhooks', id, 'delivery', webhook.id, eventId],
    queryFn: () => api.webhooks.delivery.query(one),
    // It is tried by the clock, which no event tells of.
    refetchInterval: ({ state: { data } }) => (data?.status === 'waiting' ? 2000 : false),
  })
  const again = useChange({
    run: () => api.webhooks.replay.mutate(one),
    stale: [['webhooks', id]],
    says: 'It is sent again.',
  })
  return (
    <Dialog opened size="lg" close={close} title={query.data?.event ?? 'Delivery'}>
      <Reading of={readingOf(query)} bones={3}>
        {(delivery) => (
          <div className={css.drawer}>
            <Details
              of={[
                ['State', <DeliveryMark key="state" status={delivery.status} />],
                ['Event id', <Take key="id" text={delivery.event_id} what="the id" />],
                ['Happened', <When key="at" iso={delivery.created_at} />],
                ['Next try', delivery.next_at && <When iso={delivery.next_at} />],
              ]}
            />
            <Part title="Tries">
              {delivery.tries.length === 0 && <p className={css.small}>It was not tried yet.</p>}
              <ol className={css.tries}>
                {delivery.tries.map((attempt) => (
                  <li key={attempt.number}>
                    <p>
                      <strong>{tryOf(attempt)}</strong>, after {attempt.ms} ms, <When iso={attempt.at} />
                    </p>
                    {attempt.response && <Bytes text={attempt.response} />}
                  </li>
                ))}
              </ol>
            </Part>
            {delivery.body !== null && (
              <Part title="Body">
                <Bytes text={delivery.body} />
              </Part>
            )}
            {webhook.enabled && (
              <div className={css.buttons}>
                <Button variant="default" loading={again.busy} onClick={() => void again.go()}>
                  Send it again
                </Button>
              </div>
            )}
          </div>
        )}
      </Reading>
    </Dialog>
  )
}
