import { Button, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ListOrdered } from 'lucide-react'
import { atLeast } from '../../../shared/roles.ts'
import { useNow } from '../../parts/now.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Reading } from '../../ui/reading.tsx'
import { adminsOnly } from '../agents/words.ts'
import { sorted, useAll } from './all.ts'
import css from './policies.module.css'
import { StandingList } from './standing.tsx'
import { Written } from './written.tsx'

/** The rules that answer in place of a person, in the order in which they are asked. */
export function Policies() {
  const { role, testing } = useProject()
  const query = useAll()
  const now = useNow(5000)
  return (
    <Stack gap="md">
      <p className={css.note}>
        Policies are asked from top to bottom, and the first whose conditions all hold answers. When none does, a person
        is asked.
        {testing && ' What test keys ask is allowed without any policy.'}
        {!atLeast(role, 'ADMIN') && ` ${adminsOnly}`}
      </p>
      <Reading of={readingOf(query)} height={88}>
        {(all) => {
          const { standing, written } = sorted(all, now)
          return (
            <Stack gap="lg">
              {standing.length > 0 && (
                <section className={css.part}>
                  <h2>Standing yeses</h2>
                  <p className={css.small}>Given with an approval, for a while; asked before every policy.</p>
                  <StandingList of={standing} />
                </section>
              )}
              {written.length === 0 ? (
                <None />
              ) : (
                <section className={css.part}>
                  {standing.length > 0 && <h2>Policies</h2>}
                  <Written policies={written} />
                </section>
              )}
            </Stack>
          )
        }}
      </Reading>
    </Stack>
  )
}

function None() {
  const { id, role } = useProject()
  return (
    <Empty
      icon={<ListOrdered aria-hidden size={22} />}
      title="No policy yet"
      action={
        atLeast(role, 'ADMIN') && (
          <Button
            renderRoot={(props) => (
              <Link {...props} to="/p/$project/agents/policies/new" params={{ project: id }} search={{}} />
            )}
          >
            Write the first policy
          </Button>
        )
      }
    >
      A person is asked about every request. A policy answers the ones that need nobody, as small refunds, or that
      nobody should ever allow. Before it is saved it shows what it would have answered lately.
    </Empty>
  )
}
