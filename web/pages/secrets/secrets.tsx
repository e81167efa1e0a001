import { Button, Tabs } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Page } from '../../ui/page.tsx'
import { SecretList } from './list.tsx'

const route = getRouteApi('/p/$project/secrets')
const Asks = lazy(() => import('./asks.tsx').then((file) => ({ default: file.Asks })))
const Kept = lazy(() => import('./kept.tsx').then((file) => ({ default: file.Kept })))

const tabs = { secrets: 'One-time', asks: 'Asks', kept: 'Release-only' } as const

type Tab = keyof typeof tabs

const leads: Record<Tab, string> = {
  secrets: 'Each can be read once, by whoever has its link. Links and secrets are never shown here again.',
  asks: 'Somebody else fills in what is asked for; only who asked can read it, once.',
  kept: 'Each leaves only by an approval, once for each yes, and only to the API key that asked.',
}

/** What was shared, what was asked for, and what waits for approvals; no link and no secret stands here, for anyone. */
export function Secrets() {
  const { id, role } = useProject()
  const { tab = 'secrets' } = route.useSearch()
  const navigate = route.useNavigate()
  const [storing, setStoring] = useState(false)
  const all = Object.keys(tabs) as Tab[] // the keys of a literal object are exactly its type's keys
  return (
    <Page
      title="Secrets"
      lead={leads[tab]}
      actions={
        atLeast(role, 'MEMBER') &&
        (tab === 'kept' ? (
          <Button onClick={() => setStoring(true)}>Store a secret</Button>
        ) : (
          <>
            <Button renderRoot={(props) => <Link {...props} to="/p/$project/secrets/new" params={{ project: id }} />}>
              Share a secret
            </Button>
            <Button
              variant="default"
              renderRoot={(props) => <Link {...props} to="/p/$project/secrets/ask" params={{ project: id }} />}
            >
              Ask for a secret
            </Button>
          </>
        ))
      }
    >
      <Tabs
        value={tab}
        activateTabWithKeyboard={false}
        onChange={(next) => {
          const chosen = all.find((one) => one === next)
          if (chosen) void navigate({ search: chosen === 'secrets' ? {} : { tab: chosen } })
        }}
        keepMounted={false}
      >
        <Tabs.List>
          {all.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="secrets" pt="md">
          <SecretList />
        </Tabs.Panel>
        <Tabs.Panel value="asks" pt="md">
          <Suspense fallback={null}>
            <Asks />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="kept" pt="md">
          <Suspense fallback={null}>
            <Kept storing={storing} store={setStoring} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
