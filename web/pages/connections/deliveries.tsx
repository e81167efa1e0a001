import { Stack } from '@mantine/core'
import { CircleCheck, Hourglass, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Answers } from '../../api.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { FilterPick, Filters } from '../../ui/filters.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import css from './connections.module.css'
import { DeliveryDialog } from './delivery.tsx'
import type { Webhook } from './webhooks.tsx'

type Delivery = Answers['webhooks']['deliveries']['items'][number]

const looks = {
  waiting: { icon: Hourglass, tone: 'info', word: 'Waiting' },
  delivered: { icon: CircleCheck, tone: 'ok', word: 'Delivered' },
  failed: { icon: TriangleAlert, tone: 'bad', word: 'Failed' },
} as const

const words = { waiting: 'Waiting', delivered: 'Delivered', failed: 'Failed' } as const

function DeliveryMark({ of: { status } }: { of: Delivery }) {
  const { icon, tone, word } = looks[status]
  return (
    <Mark icon={icon} tone={tone}>
      {word}
    </Mark>
  )
}

/** What was sent to a webhook, newest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { id, api } = useProject()
  const [status, setStatus] = useState<Delivery['status']>()
  const [open, setOpen] = useState<string>()
  const filter = status === undefined ? {} : { status }
  const pages = usePages(['webhooks', id, 'deliveries', webhook.id, filter], (cursor) =>
    api.webhooks.deliveries.query({ webhook_id: webhook.id, ...filter, ...cursor }),
  )
  return (
    <Stack gap="sm">
      <Filters clear={status === undefined ? undefined : () => setStatus(undefined)}>
        <FilterPick label="State" any="Any" words={words} value={status} put={setStatus} />
      </Filters>
      <List pages={pages} empty={<p className={css.small}>Nothing was sent yet. Send a test event to see one here.</p>}>
        {(items) => (
          <Table label="Deliveries" head={['Event', 'State', 'When']}>
            {items.map((delivery) => (
              <Row key={delivery.event_id}>
                <Cell label="Event">
                  <Opener id={delivery.event_id} open={() => setOpen(delivery.event_id)}>
                    {delivery.event}
                  </Opener>
                </Cell>
                <Cell label="State">
                  <DeliveryMark of={delivery} />
                  {delivery.status !== 'delivered' && (
                    <p className={css.small}>
                      {[delivery.last_status, delivery.last_error].filter((part) => part !== null).join(' ')}
                      {delivery.attempts > 0 &&
                        ` · ${delivery.attempts === 1 ? '1 try' : `${delivery.attempts} tries`}`}
                    </p>
                  )}
                </Cell>
                <Cell label="When">
                  <When iso={delivery.created_at} />
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
      {open !== undefined && <DeliveryDialog webhook={webhook} eventId={open} close={() => setOpen(undefined)} />}
    </Stack>
  )
}
