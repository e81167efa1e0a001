import { Button, Tabs } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { useProject } from '../../project.tsx'
import { Page } from '../../ui/page.tsx'

const tabs = { agents: 'Agents', requests: 'Requests', policies: 'Policies' } as const

type Tab = keyof typeof tabs

/** The heading and tabs of everything about agents; requests have an address of their own, which mails name. */
export function AgentsFrame({ tab, children }: { tab: Tab; children: ReactNode }) {
  const { id, role } = useProject()
  const navigate = useNavigate()
  const all = Object.keys(tabs) as Tab[] // the keys of a literal object are exactly its type's keys
  const params = { project: id }
  const go = (next: string | null) => {
    if (next === 'requests') void navigate({ to: '/p/$project/requests', params })
    else void navigate({ to: '/p/$project/agents', params, search: next === 'policies' ? { tab: next } : {} })
  }
  return (
    <Page
      title="Agents"
      lead="Programs that ask before they act. A person answers, or a policy that a person wrote."
      actions={
        atLeast(role, 'ADMIN') &&
        tab !== 'requests' && (
          <Button
            renderRoot={(props) =>
              tab === 'agents' ? (
                <Link {...props} to="/p/$project/agents/new" params={params} />
              ) : (
                <Link {...props} to="/p/$project/agents/policies/new" params={params} search={{}} />
              )
            }
          >
            {tab === 'agents' ? 'New agent' : 'New policy'}
          </Button>
        )
      }
    >
      <Tabs value={tab} onChange={go} keepMounted={false} activateTabWithKeyboard={false}>
        <Tabs.List>
          {all.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="md">
          {children}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
