import { Button, Tabs } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useProject } from '../../project.tsx'
import { Page } from '../../ui/page.tsx'
import { KeyList } from './list.tsx'

const route = getRouteApi('/p/$project/keys')
const Log = lazy(() => import('./log.tsx').then((file) => ({ default: file.Log })))

/** Who may call, and who did. */
export function Keys() {
  const { id } = useProject()
  const { tab = 'keys' } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Page
      title="API keys and access logs"
      actions={
        <Button renderRoot={(props) => <Link {...props} to="/p/$project/keys/new" params={{ project: id }} />}>
          New API key
        </Button>
      }
    >
      <Tabs
        value={tab}
        onChange={(next) => void navigate({ search: next === 'log' ? { tab: 'log' } : {} })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="keys">API keys</Tabs.Tab>
          <Tabs.Tab value="log">Access log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys" pt="md">
          <KeyList />
        </Tabs.Panel>
        <Tabs.Panel value="log" pt="md">
          <Suspense fallback={null}>
            <Log />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
