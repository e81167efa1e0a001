import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { atLeast } from '../../../shared/roles.ts'
import { whoAmI } from '../../call.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Page } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { ApiAccess } from './api-access.tsx'
import { Codes } from './codes.tsx'
import { Guests } from './guests.tsx'
import { Instance } from './instance.tsx'
import { Alerts, ProjectName, Retention, SessionRules } from './rules.tsx'
import css from './settings.module.css'

const route = getRouteApi('/p/$project/settings')

const labels = {
  project: 'Project',
  'api-access': 'API access',
  retention: 'Retention',
  sessions: 'Sessions',
  alerts: 'Alerts',
  codes: 'Codes',
  guests: 'Guests',
  instance: 'Instance',
} as const

type Tab = keyof typeof labels

const rooms = {
  project: ProjectName,
  'api-access': ApiAccess,
  retention: Retention,
  sessions: SessionRules,
  alerts: Alerts,
  codes: Codes,
  guests: Guests,
}

/** What admins decide for all of the project, and what whoever runs the instance sees of it. The tab is in the address. */
export function Settings() {
  const { id, api, role } = useProject()
  const { data: me } = useQuery(whoAmI)
  const { tab = 'project' } = route.useSearch()
  const navigate = route.useNavigate()
  const settings = useQuery({ queryKey: ['settings', id], queryFn: () => api.settings.get.query({}) })
  // The keys of a literal object are exactly its type's keys.
  const tabs = (Object.keys(labels) as Tab[]).filter(
    (one) => me?.runs_instance || (one !== 'instance' && (one !== 'guests' || settings.data?.guest_secrets)),
  )
  const manages = atLeast(role, 'ADMIN')
  return (
    <Page
      narrow
      title={tab === 'project' ? 'Settings' : `Settings → ${labels[tab]}`}
      lead={manages ? undefined : 'You can read these; an admin or owner changes them.'}
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          const chosen = tabs.find((one) => one === next)
          if (chosen) void navigate({ search: chosen === 'project' ? {} : { tab: chosen } })
        }}
      >
        <Tabs.List className={css.tabs}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {labels[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((one) => {
          const Room = one === 'instance' ? undefined : rooms[one]
          return (
            <Tabs.Panel key={one} value={one} pt="md">
              {Room ? (
                <Reading of={readingOf(settings)}>
                  {(data) => <Room settings={data} manages={manages} key={data.name} />}
                </Reading>
              ) : (
                <Instance />
              )}
            </Tabs.Panel>
          )
        })}
      </Tabs>
    </Page>
  )
}
