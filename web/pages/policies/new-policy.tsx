import { NativeSelect } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { adminsOnly } from '../agents/words.ts'
import { useAll } from './all.ts'
import { Editor } from './editor.tsx'
import { type Draft, newForm } from './form.ts'

const route = getRouteApi('/p/$project/agents/policies/new')

/** Writes a policy. */
export function NewPolicy() {
  const { id, api, role } = useProject()
  const { agent = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const all = useAll()
  const [position, setPosition] = useState<number>()
  const leave = () => void navigate({ to: '/p/$project/agents', search: { tab: 'policies' } })
  const at = position === undefined ? {} : { position }
  const change = useChange({
    run: (draft: Draft) => api.policies.create.mutate({ ...draft, ...at }),
    stale: [['policies', id]],
    says: 'The policy answers from now on.',
    done: leave,
    here: true,
  })
  if (!atLeast(role, 'ADMIN'))
    return (
      <Page title="New policy" narrow>
        <Empty title="Not with your role">{adminsOnly}</Empty>
      </Page>
    )
  const written = (all.data ?? []).filter((one) => !one.standing)
  return (
    <Page title="New policy" lead="A rule that answers in place of a person.">
      <Editor start={newForm(agent)} at={at} change={change} verb="Create policy" cancel={leave}>
        {written.length > 0 && (
          <NativeSelect
            label="When it is asked"
            description="Policies are asked from top to bottom, and the first that fits answers."
            value={position === undefined ? '' : String(position)}
            data={[
              { value: '', label: 'Last, after all others' },
              ...written.map((one) => ({ value: String(one.position), label: `Before “${visible(one.name)}”` })),
            ]}
            onChange={({ currentTarget }) =>
              setPosition(currentTarget.value === '' ? undefined : Number(currentTarget.value))
            }
          />
        )}
      </Editor>
    </Page>
  )
}
