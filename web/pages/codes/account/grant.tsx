import { Button, NativeSelect, Radio, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { atLeast } from '../../../../shared/roles.ts'
import { visible } from '../../../../shared/visible.ts'
import { type Change, useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { When } from '../../../ui/when.tsx'
import css from './account.module.css'
import type { Account } from './account.ts'
import { type GrantWish, grantInputOf, newGrant } from './grant-wish.ts'
import { LongField } from './long-field.tsx'
import { PersonField } from './person-field.tsx'

/** Lets a person or a key use an account. */
export function GrantForm({ account, done }: { account: Account; done: () => void }) {
  const { id, api } = useProject()
  const [wish, setWish] = useState(newGrant)
  const put = (words: Partial<GrantWish>) => setWish((now) => ({ ...now, ...words }))
  const change = useChange({
    run: () => api.accounts.permit.mutate({ accountId: account.id, ...grantInputOf(wish) }),
    stale: [['accounts', id]],
    says: 'Access is given.',
    done,
    here: true,
  })
  const counted = wish.long === 'count'
  const { expires_at: ends } = account.access
  return (
    <form
      className={css.sheet}
      noValidate
      aria-label="Give access"
      onSubmit={(event) => {
        event.preventDefault()
        void change.go()
      }}
    >
      <Grantee wish={wish} put={put} at={change.at} />
      <Radio.Group
        label="What they may do"
        size="md"
        value={counted ? 'viewer' : wish.role}
        error={change.at('role')}
        onChange={(role) => put({ role: role === 'manager' ? 'manager' : 'viewer' })}
      >
        <div className={css.choices}>
          <Radio value="viewer" label="Viewer" description="Gets codes." />
          <Radio
            value="manager"
            label="Manager"
            disabled={counted}
            description={counted ? 'Not by count.' : 'Also edits the account, replaces its seed and gives access.'}
          />
        </div>
      </Radio.Group>
      <LongField wish={wish} put={put} at={change.at} />
      {ends !== null && (
        <p className={css.small}>
          No longer than your own access, which ends <When iso={ends} />.
        </p>
      )}
      {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
      <div className={css.buttons}>
        <Button type="submit" loading={change.busy}>
          Give access
        </Button>
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

type GranteeProps = { wish: GrantWish; put: (words: Partial<GrantWish>) => void; at: Change<never>['at'] }

/** To whom: somebody of the project or invited, or an API key; keys are seen by admins only. */
function Grantee({ wish, put, at }: GranteeProps) {
  const { role } = useProject()
  return (
    <>
      {atLeast(role, 'ADMIN') && (
        <SegmentedControl
          aria-label="To whom"
          value={wish.to}
          data={[
            { value: 'person', label: 'A person' },
            { value: 'key', label: 'An API key' },
          ]}
          onChange={(to) => put({ to: to === 'key' ? 'key' : 'person' })}
        />
      )}
      {wish.to === 'key' ? (
        <KeyField value={wish.keyId} put={(keyId) => put({ keyId })} error={at('key_id')} />
      ) : (
        <PersonField
          label="Person"
          description="A member of this project, or somebody invited, by name or address."
          value={wish.email}
          put={(email) => put({ email })}
          error={at('email')}
          invited
        />
      )}
    </>
  )
}

function KeyField({ value, put, error }: { value: string; put: (keyId: string) => void; error: string | undefined }) {
  const { id, api } = useProject()
  const { data } = useQuery({
    queryKey: ['keys', id, 'list', 'active'],
    queryFn: () => api.keys.list.query({ status: 'active', limit: 100 }),
  })
  const keys = data?.items ?? []
  return (
    <NativeSelect
      label="API key"
      description="Its successors keep the access when it is rotated. It needs the scope accounts:codes."
      value={value}
      error={error}
      data={[{ value: '', label: 'Choose a key' }, ...keys.map((key) => ({ value: key.id, label: visible(key.name) }))]}
      onChange={(event) => put(event.currentTarget.value)}
    />
  )
}
