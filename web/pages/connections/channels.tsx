import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { BellRing } from 'lucide-react'
import { channelKinds } from '../../../shared/channels.ts'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Cell, List, Opener, Row, Table } from '../../ui/rows.tsx'
import { ChannelDrawer } from './channel.tsx'
import css from './connections.module.css'
import { StateMark } from './state.tsx'

const route = getRouteApi('/p/$project/connections')

export type Channel = Answers['channels']['list']['items'][number]

/** The chats, phones and mailboxes that are told of approvals. */
export function Channels({ make }: { make: () => void }) {
  const { id, api } = useProject()
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (channel: string | undefined) =>
    void navigate({ search: channel === undefined ? {} : { open: channel }, resetScroll: false })
  const pages = usePages(['channels', id, 'list'], (cursor) => api.channels.list.query(cursor))
  const shown = pages.items?.find((channel) => channel.id === open)
  return (
    <>
      <List pages={pages} empty={<NoChannels make={make} />}>
        {(items) => (
          <Table label="Channels" head={['Name', 'Where', 'State']}>
            {items.map((channel) => (
              <Row key={channel.id} quiet={channel.enabled === false}>
                <Cell label="Name">
                  <Opener id={channel.id} open={() => show(channel.id)}>
                    {visible(channel.name)}
                  </Opener>
                </Cell>
                <Cell label="Where">
                  {channelKinds[channel.kind]}
                  {channel.address !== undefined && <p className={css.small}>{visible(channel.address)}</p>}
                </Cell>
                <Cell label="State">
                  <StateMark of={channel} />
                </Cell>
              </Row>
            ))}
          </Table>
        )}
      </List>
      {shown && <ChannelDrawer channel={shown} close={() => show(undefined)} />}
    </>
  )
}

const NoChannels = ({ make }: { make: () => void }) => (
  <Empty
    icon={<BellRing aria-hidden size={22} />}
    title="No channel yet"
    action={<Button onClick={make}>Make the first channel</Button>}
  >
    A channel is a chat in Slack, Teams or Discord, a topic of ntfy, or a mailbox that is told when an approval is asked
    for, decided or lost. Its messages lead here, where people sign in to decide.
  </Empty>
)
