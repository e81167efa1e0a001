import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { visible } from '../../../shared/visible.ts'
import { useProject } from '../../project.tsx'
import type { Put } from './editor.tsx'
import type { PolicyForm } from './form.ts'

type Props = { form: PolicyForm; put: Put; fault: (path: string) => string | undefined }

/** What a policy is called, and whom it is about. */
export const NameAndAgent = ({ form, put, fault }: Props) => (
  <>
    <TextInput
      label="Name"
      description="Stands in the record of every answer that it gives."
      required
      maxLength={100}
      data-autofocus
      value={form.name}
      error={fault('name')}
      onChange={(event) => put({ name: event.currentTarget.value })}
    />
    <TextInput
      label="Why it is there"
      maxLength={1000}
      value={form.description}
      error={fault('description')}
      onChange={(event) => put({ description: event.currentTarget.value })}
    />
    <AgentField form={form} put={put} fault={fault} />
  </>
)

/** Any agent, or one of the newest hundred, or the one that the policy is about already. */
function AgentField({ form, put, fault }: Props) {
  const { id, api } = useProject()
  const { data } = useQuery({
    queryKey: ['agents', id, 'to choose'],
    queryFn: () => api.agents.list.query({ limit: 100 }),
  })
  const agents = data?.items ?? []
  const known = form.agent === '' || agents.some((one) => one.id === form.agent)
  return (
    <NativeSelect
      label="Which agent"
      value={form.agent}
      error={fault('agent_id')}
      data={[
        { value: '', label: 'Any agent' },
        ...(known ? [] : [{ value: form.agent, label: `The agent ${visible(form.agent)}` }]),
        ...agents.map((one) => ({ value: one.id, label: visible(one.name) })),
      ]}
      onChange={(event) => put({ agent: event.currentTarget.value })}
    />
  )
}
