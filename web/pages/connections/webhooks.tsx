import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Webhook as WebhookIcon } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { curlOf } from '../../parts/curl.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import css from './connections.module.css'
import { StateMark } from './state.tsx'
import { WebhookDrawer } from './webhook.tsx'

const route = getRouteApi('/p/$project/connections')

export type Webhook = Answers['webhooks']['get']

/** What a webhook is called: its description, or where it is. */
export const nameOf = ({ description, url }: Webhook): string => visible(description || url)

/** Endpoints that are told of events by signed POSTs. */
export function Webhooks({ make }: { make: () => void }) {
  const { id, api } = useProject()
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (webhook: string | undefined) =>
    void navigate({
      search: { tab: 'webhooks', ...(webhook === undefined ? {} : { open: webhook }) },
      resetScroll: false,
    })
  const pages = usePages(['webhooks', id, 'list'], (cursor) => api.webhooks.list.query(cursor))
  const shown = pages.items?.find((webhook) => webhook.id === open)
  return (
    <>
      <List pages={pages} empty={<NoWebhooks make={make} />}>
        {(items) => (
          <Table label="Webhooks" head={['Name', 'Events', 'State']}>
            {items.map((webhook) => (
              <Row key={webhook.id} quiet={!webhook.enabled}>
                <Cell label="Name">
                  <Opener id={webhook.id} open={() => show(webhook.id)}>
                    {nameOf(webhook)}
                  </Opener>
                  {webhook.description !== '' && <p className={css.small}>{visible(webhook.url)}</p>}
                </Cell>
                <Cell label="Events">{webhook.events === null ? 'All' : webhook.events.join(', ')}</Cell>
                <Cell label="State">
                  <StateMark of={webhook} />
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
      {shown && <WebhookDrawer key={shown.id} webhook={shown} close={() => show(undefined)} />}
    </>
  )
}

const NoWebhooks = ({ make }: { make: () => void }) => (
  <Empty
    icon={<WebhookIcon aria-hidden size={22} />}
    title="No webhook yet"
    curl={curlOf({ method: 'POST', path: '/webhooks', body: { url: 'https://hooks.example.com/countersign' } })}
    action={<Button onClick={make}>Make the first webhook</Button>}
  >
    A webhook is an address of yours that is told of events by signed requests, at least once each, until it answers.
    Make one here or through the API:
  </Empty>
)
