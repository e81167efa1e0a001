import { useDebouncedValue } from '@mantine/hooks'
import type { SpotlightActionGroupData } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useProject } from '../../project.tsx'
import { statusWords } from '../approvals/approval.tsx'
import { nameOf, stateWords } from '../secrets/secret.tsx'

const isId = (text: string) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text)
const isPath = (text: string) => /^[A-Za-z0-9._~:@=+-]{1,128}(\/[A-Za-z0-9._~:@=+-]{1,128}){0,7}$/.test(text)

/** What was found on the server for a text: keys and agents by name, approvals by id or exact path, values by the path's beginning, secrets by name or id. */
export function useFound(typed: string): { groups: SpotlightActionGroupData[]; busy: boolean } {
  const { id, api, role } = useProject()
  const navigate = useNavigate()
  const [query] = useDebouncedValue(typed.trim(), 200)
  const some = query.length >= 2
  const keys = useQuery({
    queryKey: ['keys', id, 'palette', query],
    queryFn: () => api.keys.list.query({ q: query, limit: 5 }),
    enabled: some && atLeast(role, 'ADMIN'),
  })
  const agents = useQuery({
    queryKey: ['agents', id, 'palette', query],
    queryFn: () => api.agents.list.query({ q: query, limit: 5 }),
    enabled: some,
  })
  const approvals = useQuery({
    queryKey: ['approvals', id, 'palette', query],
    queryFn: async () =>
      isId(query)
        ? [await api.approvals.get.query({ approval_id: query.toUpperCase() })]
        : (await api.approvals.list.query({ key_path: query, limit: 5 })).items,
    enabled: some && (isId(query) || isPath(query)),
    retry: false,
  })
  const values = useQuery({
    queryKey: ['values', id, 'palette', query],
    queryFn: () => api.values.list.query({ prefix: query, limit: 5 }),
    enabled: some && isPath(query),
  })
  const secrets = useQuery({
    queryKey: ['secrets', id, 'palette', query],
    queryFn: () => api.secrets.list.query({ q: query, limit: 5 }),
    enabled: some,
  })
  const params = { project: id }
  // What the server found matches the typed text by its rule, whatever the palette's own filter would say.
  const keywords = [typed, query]
  return {
    busy: keys.isFetching || agents.isFetching || approvals.isFetching || values.isFetching || secrets.isFetching,
    groups: [
      {
        group: 'API keys',
        actions: (keys.data?.items ?? []).map((key) => ({
          id: key.id,
          label: visible(key.name),
          description: `API key ${key.prefix}…${key.last4}`,
          keywords,
          onClick: () => void navigate({ to: '/p/$project/keys', params, search: { open: key.id } }),
        })),
      },
      {
        group: 'Agents',
        actions: (agents.data?.items ?? []).map((agent) => ({
          id: agent.id,
          label: visible(agent.name),
          description: 'Agent',
          keywords,
          onClick: () => void navigate({ to: '/p/$project/agents/$agent', params: { ...params, agent: agent.id } }),
        })),
      },
      {
        group: 'Approvals',
        actions: (approvals.data ?? []).map((approval) => ({
          id: approval.approval_id,
          label: approval.key_path,
          description: `Approval, ${statusWords[approval.status].toLowerCase()}${
            approval.ref_id === null ? '' : `, ${visible(approval.ref_id)}`
          }`,
          keywords,
          onClick: () => void navigate({ to: '/p/$project/approvals', params, search: { open: approval.approval_id } }),
        })),
      },
      {
        group: 'Values',
        actions: (values.data?.items ?? []).map((value) => ({
          id: `value ${value.key_path}`,
          label: value.key_path,
          description: 'Value',
          keywords,
          onClick: () => void navigate({ to: '/p/$project/values', params, search: { open: value.key_path } }),
        })),
      },
      {
        group: 'One-time secrets',
        actions: (secrets.data?.items ?? []).map((secret) => ({
          id: secret.secret_id,
          label: nameOf(secret),
          description: `One-time secret, ${stateWords[secret.state].toLowerCase()}`,
          keywords,
          onClick: () =>
            void navigate({
              to: '/p/$project/secrets',
              params,
              search: { q: secret.secret_id, open: secret.secret_id },
            }),
        })),
      },
    ].filter(({ actions }) => actions.length > 0),
  }
}
