import { Stack } from '@mantine/core'
import { useState } from 'react'
import type { EventName } from '../../../shared/events.ts'
import type { Answers } from '../../api.ts'
import { allActions } from '../../parts/event-words.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { FilterPick, Filters } from '../../ui/filters.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { tryOf } from './came.ts'
import css from './connections.module.css'
import { DeliveryDialog } from './delivery.tsx'
import { DeliveryMark, deliveryWords } from './state.tsx'
import type { Webhook } from './webhooks.tsx'

type Delivery = Answers['webhooks']['deliveries']['items'][number]
type Filter = { status?: Delivery['status'] | undefined; event?: EventName | 'webhook.test' | undefined }

const eventWords: Readonly<Record<EventName | 'webhook.test', string>> = { 'webhook.test': 'Test', ...allActions }

/** Ms between looks: deliveries go on by the clock, which no event tells of. */
const pollMs = 5000

/** What was sent to a webhook, newest first. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { id, api } = useProject()
  const [{ status, event }, setFilter] = useState<Filter>({})
  const [open, setOpen] = useState<string>()
  const filter = { ...(status === undefined ? {} : { status }), ...(event === undefined ? {} : { event }) }
  const filtered = Object.keys(filter).length > 0
  const pages = usePages(
    ['webhooks', id, 'deliveries', webhook.id, filter],
    (cursor) => api.webhooks.deliveries.query({ webhook_id: webhook.id, ...filter, ...cursor }),
    { refetchInterval: pollMs },
  )
  return (
    <Stack gap="sm">
      <Filters clear={filtered ? () => setFilter({}) : undefined}>
        <FilterPick
          label="State"
          any="Any"
          words={deliveryWords}
          value={status}
          put={(next) => setFilter({ status: next, event })}
        />
        <FilterPick
          label="Event"
          any="Any"
          words={eventWords}
          value={event}
          put={(next) => setFilter({ status, event: next })}
        />
      </Filters>
      <List
        pages={pages}
        empty={
          <p className={css.small}>
            {filtered ? 'Nothing matches.' : 'Nothing was sent yet. Send a test event to see one here.'}
          </p>
        }
      >
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
                  <DeliveryMark status={delivery.status} />
                  <p className={css.small}>{howFar(delivery)}</p>
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

/** What the last try met, and how many there were; nothing where the first was taken. */
function howFar({ status, attempts, last_status, last_error }: Delivery): string {
  if (attempts === 0 || (status === 'delivered' && attempts === 1)) return ''
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`
  return last_error === null ? tries : `${tryOf({ status: last_status, error: last_error })} · ${tries}`
}
