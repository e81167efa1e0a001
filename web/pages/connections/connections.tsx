import { Button, Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Lock, Plus } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { ChannelForm } from './channel-form.tsx'
import { Channels } from './channels.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { Webhooks } from './webhooks.tsx'

const route = getRouteApi('/p/$project/connections')

const tabs = { channels: 'Channels', webhooks: 'Webhooks' } as const

type Tab = keyof typeof tabs

/** Where the project tells of what happens: places that people read, and programs. The tab is in the address. */
export function Connections() {
  const { role } = useProject()
  const { tab = 'channels' } = route.useSearch()
  const navigate = route.useNavigate()
  const [making, setMaking] = useState(false)
  const close = () => setMaking(false)
  const all = Object.keys(tabs) as Tab[] // the keys of a literal object are exactly its type's keys
  if (!atLeast(role, 'ADMIN'))
    return (
      <Page title="Connections">
        <Empty icon={<Lock aria-hidden size={22} />} title="Not with your role">
          This needs the role ADMIN, and yours is {role}; an admin of the project can change it under People.
        </Empty>
      </Page>
    )
  return (
    <Page
      title="Connections"
      lead="Who is told of what happens here: people in their chats, programs by signed requests."
      actions={
        <Button leftSection={<Plus aria-hidden size={18} />} onClick={() => setMaking(true)}>
          {tab === 'channels' ? 'New channel' : 'New webhook'}
        </Button>
      }
    >
      <Tabs
        value={tab}
        keepMounted={false}
        activateTabWithKeyboard={false}
        onChange={(next) => {
          const chosen = all.find((one) => one === next)
          if (chosen) void navigate({ search: chosen === 'channels' ? {} : { tab: chosen } })
        }}
      >
        <Tabs.List>
          {all.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="channels" pt="md">
          <Channels make={() => setMaking(true)} />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks" pt="md">
          <Webhooks make={() => setMaking(true)} />
        </Tabs.Panel>
      </Tabs>
      {making && (tab === 'channels' ? <ChannelForm close={close} /> : <WebhookForm close={close} />)}
    </Page>
  )
}
