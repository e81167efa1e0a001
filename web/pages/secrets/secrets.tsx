import { Button, Tabs } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Page } from '../../ui/page.tsx'
import { SecretList } from './list.tsx'

const route = getRouteApi('/p/$project/secrets')
const Asks = lazy(() => import('./asks.tsx').then((file) => ({ default: file.Asks })))

/** What was shared and what was asked for; no link and no secret stands here, for anyone. */
export function Secrets() {
  const { id, role } = useProject()
  const { tab = 'secrets' } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Page
      title="One-time secrets"
      lead="Each can be read once, by whoever has its link. Links and secrets are never shown here again."
      actions={
        atLeast(role, 'MEMBER') && (
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
        )
      }
    >
      <Tabs
        value={tab}
        onChange={(next) => void navigate({ search: next === 'asks' ? { tab: 'asks' } : {} })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
          <Tabs.Tab value="asks">Asks</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="secrets" pt="md">
          <SecretList />
        </Tabs.Panel>
        <Tabs.Panel value="asks" pt="md">
          <Suspense fallback={null}>
            <Asks />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
