import { useMantineColorScheme } from '@mantine/core'
import type { SpotlightActionGroupData } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { atLeast } from '../../../shared/roles.ts'
import { calls, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { signOut } from '../../sign-in.ts'
import { rooms } from '../dashboard/nav.tsx'

/** What the palette offers before anything is typed: pages, projects, actions. */
export function useOffered(help: () => void): SpotlightActionGroupData[] {
  const { id, role } = useProject()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const me = useQuery(whoAmI)
  const leave = useChange({
    run: signOut,
    done: () => {
      // Nothing that was read as this person may be shown to the next one.
      calls.clear()
      location.assign('/sign-in')
    },
  })
  const params = { project: id }
  const dark = colorScheme === 'dark'
  return [
    {
      group: 'Pages',
      actions: [
        ...rooms
          .filter(({ least }) => atLeast(role, least))
          .map(({ to, label, icon: Icon }) => ({
            id: to,
            label,
            leftSection: <Icon aria-hidden size={18} />,
            onClick: () => void navigate({ to, params }),
          })),
        { id: 'account', label: 'Account', onClick: () => void navigate({ to: '/account' }) },
      ],
    },
    {
      group: 'Actions',
      actions: [
        ...(atLeast(role, 'MEMBER')
          ? [
              {
                id: 'ask',
                label: 'Ask for an approval',
                keywords: ['new approval'],
                onClick: () => void navigate({ to: '/p/$project/approvals/new', params }),
              },
              {
                id: 'share',
                label: 'Share a secret',
                keywords: ['new secret', 'one-time', 'password'],
                onClick: () => void navigate({ to: '/p/$project/secrets/new', params }),
              },
              {
                id: 'kept',
                label: 'Release-only secrets',
                keywords: ['password', 'approval', 'vault'],
                onClick: () => void navigate({ to: '/p/$project/secrets', params, search: { tab: 'kept' } }),
              },
              {
                id: 'account-codes',
                label: 'Add an account for codes',
                keywords: ['totp', 'two-factor', '2fa', 'authenticator'],
                onClick: () => void navigate({ to: '/p/$project/codes/new', params }),
              },
              {
                id: 'ask-secret',
                label: 'Ask for a secret',
                keywords: ['request', 'one-time', 'password'],
                onClick: () => void navigate({ to: '/p/$project/secrets/ask', params }),
              },
            ]
          : []),
        ...(atLeast(role, 'ADMIN')
          ? [
              {
                id: 'key',
                label: 'New API key',
                onClick: () => void navigate({ to: '/p/$project/keys/new', params }),
              },
              {
                id: 'agent',
                label: 'New agent',
                keywords: ['ai', 'assistant', 'bot'],
                onClick: () => void navigate({ to: '/p/$project/agents/new', params }),
              },
              {
                id: 'webhook',
                label: 'Webhooks',
                keywords: ['connections', 'deliveries', 'events'],
                onClick: () => void navigate({ to: '/p/$project/connections', params, search: { tab: 'webhooks' } }),
              },
              {
                id: 'policy',
                label: 'New policy',
                keywords: ['rule', 'auto approve'],
                onClick: () => void navigate({ to: '/p/$project/agents/policies/new', params, search: {} }),
              },
            ]
          : []),
        {
          id: 'scheme',
          label: dark ? 'Use light colours' : 'Use dark colours',
          keywords: ['theme', 'scheme'],
          onClick: () => setColorScheme(dark ? 'light' : 'dark'),
        },
        { id: 'help', label: 'Keyboard help', onClick: () => setTimeout(help, 30) },
        { id: 'leave', label: 'Sign out', onClick: () => void leave.go() },
      ],
    },
    {
      group: 'Projects',
      actions: (me.data?.projects ?? [])
        .filter((project) => project.id !== id)
        .map((project) => ({
          id: project.id,
          label: project.name,
          description: 'Project',
          onClick: () => void navigate({ to: '/p/$project', params: { project: project.id } }),
        })),
    },
  ]
}
