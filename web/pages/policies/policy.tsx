import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { adminsOnly } from '../agents/words.ts'
import { useAll } from './all.ts'
import { Rest } from './card.tsx'
import { Editor } from './editor.tsx'
import { type Draft, formOf } from './form.ts'
import { PolicyMarks } from './marks.tsx'
import { Matchers } from './matchers.tsx'
import css from './policies.module.css'
import { StandingList } from './standing.tsx'
import type { Policy } from './words.ts'

const route = getRouteApi('/p/$project/agents/policies/$policy')

/** One policy: admins change it, everybody else reads it. A standing yes can only be ended. */
export function PolicyPage() {
  const { policy: policyId } = route.useParams()
  const all = useAll()
  const policy = all.data?.find((one) => one.id === policyId)
  return (
    <Page title={policy ? visible(policy.name) : 'Policy'}>
      <Reading of={readingOf(all)} bones={3} height={80}>
        {() =>
          policy ? (
            <Inside policy={policy} />
          ) : (
            <Empty title="No such policy">
              It was deleted, or was a yes for a while and has ended. What it answered is still on record.
            </Empty>
          )
        }
      </Reading>
    </Page>
  )
}

function Inside({ policy }: { policy: Policy }) {
  const { role } = useProject()
  if (policy.standing) return <StandingList of={[policy]} />
  if (atLeast(role, 'ADMIN')) return <Edit key={policy.id} policy={policy} />
  return (
    <>
      <p className={css.note}>{adminsOnly}</p>
      <Section>
        <PolicyMarks of={policy} />
        <Matchers of={policy.matchers} />
        <Rest of={policy} />
      </Section>
    </>
  )
}

function Edit({ policy }: { policy: Policy }) {
  const { id, api } = useProject()
  const navigate = route.useNavigate()
  // As it was when it was opened: what somebody else changes meanwhile must not change what is being typed.
  const [before] = useState(policy)
  const [start] = useState(() => formOf(before))
  const leave = () => void navigate({ to: '/p/$project/agents', search: { tab: 'policies' } })
  const change = useChange({
    run: (draft: Draft) => api.policies.update.mutate({ id: policy.id, ...draft }),
    stale: [['policies', id]],
    says: 'Saved; it answers like this from now on.',
    done: leave,
    here: true,
  })
  return (
    <>
      {(policy.fault !== null || !policy.enabled) && <PolicyMarks of={policy} />}
      <Editor start={start} at={{ id: policy.id }} change={change} verb="Save" cancel={leave} />
    </>
  )
}
