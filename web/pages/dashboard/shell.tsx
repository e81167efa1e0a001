import { AppShell, Badge, Burger, Group, NavLink, ScrollArea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { getRouteApi, Link, Outlet, useLocation } from '@tanstack/react-router'
import { Activity, Inbox, KeyRound, ListChecks, ScrollText, Settings, Users } from 'lucide-react'
import { atLeast, type Role } from '../../../shared/roles.ts'
import { useLive } from '../../live.ts'
import { ProjectProvider } from '../../project.tsx'
import css from './shell.module.css'

const route = getRouteApi('/p/$project')

const rooms = [
  { to: '/p/$project', label: 'Inbox', icon: Inbox, least: 'VIEWER' },
  { to: '/p/$project/approvals', label: 'Approvals', icon: ListChecks, least: 'VIEWER' },
  { to: '/p/$project/values', label: 'Values', icon: Activity, least: 'VIEWER' },
  { to: '/p/$project/keys', label: 'API keys and access logs', icon: KeyRound, least: 'ADMIN' },
  { to: '/p/$project/audit', label: 'Audit', icon: ScrollText, least: 'ADMIN' },
  { to: '/p/$project/people', label: 'People', icon: Users, least: 'VIEWER' },
  { to: '/p/$project/settings', label: 'Settings', icon: Settings, least: 'VIEWER' },
] as const satisfies readonly { to: string; label: string; icon: unknown; least: Role }[]

/** The frame of every page of a project: where one is, what one may see, and whether it is live. */
export function Shell() {
  const { here } = route.useRouteContext()
  const [opened, nav] = useDisclosure()
  const live = useLive(here.id)
  const { pathname } = useLocation()
  const isHere = (to: string) => {
    const at = to.replace('$project', here.id)
    return to === '/p/$project' ? pathname.replace(/\/$/, '') === at : pathname.startsWith(at)
  }
  return (
    <ProjectProvider project={here}>
      <a className={css.skip} href="#main">
        Skip to the page
      </a>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: !opened } }}
        padding={{ base: 'sm', sm: 'lg' }}
      >
        <AppShell.Header className={css.bar}>
          <Burger opened={opened} onClick={nav.toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
          <strong>Countersign</strong>
          <span>{here.name}</span>
          {here.testing && <Badge color="yellow">Test mode</Badge>}
          <Group ml="auto">{!live && <Badge variant="light">not live</Badge>}</Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs">
          <ScrollArea>
            {rooms
              .filter(({ least }) => atLeast(here.role, least))
              .map(({ to, label, icon: Icon }) => (
                <NavLink
                  key={to}
                  renderRoot={(props) => <Link {...props} to={to} params={{ project: here.id }} />}
                  label={label}
                  leftSection={<Icon aria-hidden size={18} />}
                  active={isHere(to)}
                  aria-current={isHere(to) ? 'page' : undefined}
                  onClick={nav.close}
                />
              ))}
          </ScrollArea>
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </ProjectProvider>
  )
}
