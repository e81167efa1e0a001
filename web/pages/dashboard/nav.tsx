import { Link, useLocation } from '@tanstack/react-router'
import {
  Activity,
  Bot,
  Cable,
  Inbox,
  KeyRound,
  ListChecks,
  LockKeyhole,
  ScrollText,
  Settings,
  Timer,
  Users,
} from 'lucide-react'
import { atLeast, type Role } from '../../../shared/roles.ts'
import type { Project } from '../../project.tsx'
import css from './nav.module.css'

/** The rooms of a project, each with the least role that its page opens for. */
export const rooms = [
  { to: '/p/$project', label: 'Inbox', icon: Inbox, least: 'VIEWER' },
  { to: '/p/$project/approvals', label: 'Approvals', icon: ListChecks, least: 'VIEWER' },
  { to: '/p/$project/values', label: 'Values', icon: Activity, least: 'VIEWER' },
  { to: '/p/$project/secrets', label: 'Secrets', icon: LockKeyhole, least: 'VIEWER' },
  { to: '/p/$project/codes', label: 'Codes', icon: Timer, least: 'VIEWER' },
  { to: '/p/$project/agents', label: 'Agents', icon: Bot, least: 'VIEWER' },
  { to: '/p/$project/connections', label: 'Connections', icon: Cable, least: 'ADMIN' },
  { to: '/p/$project/keys', label: 'API keys and access logs', icon: KeyRound, least: 'ADMIN' },
  { to: '/p/$project/audit', label: 'Audit', icon: ScrollText, least: 'ADMIN' },
  { to: '/p/$project/people', label: 'People', icon: Users, least: 'VIEWER' },
  { to: '/p/$project/settings', label: 'Settings', icon: Settings, least: 'VIEWER' },
] as const satisfies readonly { to: string; label: string; icon: unknown; least: Role }[]

/** The links to what one may see. */
export function Nav({ here, waiting }: { here: Project; waiting: number }) {
  const { pathname } = useLocation()
  // Requests belong to the room of agents, under an address of their own that mails name.
  const inside = (to: string) => to === '/p/$project/agents' && pathname.startsWith(`/p/${here.id}/requests`)
  return (
    <ul className={css.nav}>
      {rooms
        .filter(({ least }) => atLeast(here.role, least))
        .map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ project: here.id }}
              className={css.link}
              {...(inside(to) ? { 'aria-current': 'page' } : {})}
              activeOptions={{ exact: to === '/p/$project', includeSearch: false }}
            >
              <Icon aria-hidden size={18} />
              <span>{label}</span>
              {to === '/p/$project' && waiting > 0 && (
                <span className={css.count}>
                  {waiting}
                  <span className="unseen"> waiting for you</span>
                </span>
              )}
            </Link>
          </li>
        ))}
    </ul>
  )
}
