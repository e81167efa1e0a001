import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleSlash, Clock, MailQuestion } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { whoAmI } from '../../call.ts'
import { useProject } from '../../project.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Cell, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { Acts, type Doing } from './acts.tsx'
import css from './people.module.css'
import type { Person } from './person.ts'
import { PersonMenu } from './person-menu.tsx'

const marks = {
  active: { icon: CircleCheck, tone: 'ok', text: 'Active' },
  disabled: { icon: CircleSlash, tone: 'quiet', text: 'Disabled' },
  pending: { icon: MailQuestion, tone: 'info', text: 'Invited' },
  expired: { icon: Clock, tone: 'warn', text: 'Invitation expired' },
} as const

/** Everybody of the project and every open invitation; cards below 640 px. */
export function PeopleTable({ people }: { people: readonly Person[] }) {
  const { role } = useProject()
  const { data: me } = useQuery(whoAmI)
  const [doing, setDoing] = useState<Doing>()
  const manages = atLeast(role, 'ADMIN')
  return (
    <>
      <Table label="People" head={['Name', 'Role', 'Status', 'Since', 'Last seen', 'Actions']}>
        {people.map((one) => {
          const { icon, tone, text } = marks[one.status]
          const since = one.joined_at ?? one.invited_at
          return (
            <Row key={one.id} quiet={one.status === 'disabled'}>
              <Cell label="Name">
                <strong>{one.name ?? one.email}</strong>
                {one.id === me?.id && ' (you)'}
                {one.name && <div className={css.email}>{one.email}</div>}
                {one.invited_by && one.kind === 'invitation' && (
                  <div className={css.email}>invited by {one.invited_by.name}</div>
                )}
              </Cell>
              <Cell label="Role">
                <span className={css.role}>{one.role}</span>
              </Cell>
              <Cell label="Status">
                <Mark icon={icon} tone={tone}>
                  {text}
                </Mark>
                {one.status === 'pending' && one.expires_at && (
                  <div className={css.email}>
                    ends <When iso={one.expires_at} />
                  </div>
                )}
              </Cell>
              <Cell label="Since">{since ? <When iso={since} /> : '—'}</Cell>
              <Cell label="Last seen">{one.last_seen_at ? <When iso={one.last_seen_at} /> : '—'}</Cell>
              <Cell label="Actions">
                <PersonMenu person={one} me={one.id === me?.id} manages={manages} choose={setDoing} />
              </Cell>
            </Row>
          )
        })}
      </Table>
      <Acts doing={doing} close={() => setDoing(undefined)} />
    </>
  )
}
