import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { UserPlus, Users } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Filters, FilterText } from '../../ui/filters.tsx'
import { Page } from '../../ui/page.tsx'
import { List } from '../../ui/rows.tsx'
import { Invite } from './invite.tsx'
import { PeopleTable } from './table.tsx'

const route = getRouteApi('/p/$project/people')

/** Who belongs to the project, who was asked to, and what each may do. */
export function People() {
  const { id, api, role } = useProject()
  const { q } = route.useSearch()
  const navigate = route.useNavigate()
  const [inviting, setInviting] = useState(false)
  const manages = atLeast(role, 'ADMIN')
  const pages = usePages(['people', id, q], (cursor) => api.users.list.query({ ...cursor, ...(q ? { q } : {}) }))
  const put = (next: string | undefined) => void navigate({ search: next === undefined ? {} : { q: next } })
  return (
    <Page
      title="People"
      lead={
        manages
          ? 'Whoever belongs to this project, and who was invited to.'
          : 'Whoever belongs to this project. Admins and owners invite people and change roles.'
      }
      actions={
        manages && (
          <Button leftSection={<UserPlus aria-hidden size={18} />} onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      <Filters clear={q === undefined ? undefined : () => put(undefined)}>
        <FilterText label="Name or e-mail address" value={q} put={put} main />
      </Filters>
      <List
        pages={pages}
        empty={
          <Empty icon={<Users aria-hidden size={22} />} title={q ? 'Nobody matches' : 'Nobody is here yet'}>
            {q ? `No name or address has “${q}” in it.` : 'Invite somebody by mail or with a link.'}
          </Empty>
        }
      >
        {(people) => <PeopleTable people={people} />}
      </List>
      <Invite opened={inviting} close={() => setInviting(false)} />
    </Page>
  )
}
