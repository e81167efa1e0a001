import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { atLeast, type Role } from '../../../../shared/roles.ts'
import { visible } from '../../../../shared/visible.ts'
import { whoAmI } from '../../../call.ts'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/problem.tsx'
import css from './account.module.css'
import { type Account, nameOf } from './account.ts'
import { PersonField } from './person-field.tsx'

/** What whoever owns it until now loses. */
function lossOf(owner: { id: string; name: string }, me: string | undefined, role: Role): string {
  if (owner.id !== me) return `${visible(owner.name)} loses all of that at once, except as an admin or by a grant.`
  return atLeast(role, 'ADMIN') ? 'You keep it as an admin.' : 'You lose all of that at once, except by a grant.'
}

/** Makes another member the owner, and says first who loses what. */
export function HandOn({ account }: { account: Account }) {
  const { id, api, role } = useProject()
  const { data: me } = useQuery(whoAmI)
  const [opened, setOpened] = useState(false)
  const [email, setEmail] = useState('')
  const leave = () => {
    setOpened(false)
    setEmail('')
    change.forget()
  }
  const change = useChange({
    run: () => api.accounts.update.mutate({ accountId: account.id, owner: email.trim() }),
    stale: [['accounts', id]],
    says: ({ owner }) => `Handed on to ${owner ? visible(owner.name) : email}.`,
    done: leave,
    here: true,
  })
  const { owner } = account
  const loses = owner && lossOf(owner, me?.id, role)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Hand on…
      </Button>
      <Dialog opened={opened} close={leave} title={`Hand on ${nameOf(account)}`}>
        <form
          noValidate
          className={css.stack}
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            void change.go()
          }}
        >
          <p>
            The new owner gets its codes, edits it, grants it and can delete it.
            {loses && ` ${loses}`} What was granted to others stays.
          </p>
          <PersonField
            label="New owner"
            description="A member of this project, by name or address."
            value={email}
            put={setEmail}
            error={change.at('owner')}
            invited={false}
            without={owner?.email}
          />
          {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={leave}>
              Cancel
            </Button>
            <Button type="submit" loading={change.busy} disabled={email.trim() === ''}>
              Hand on
            </Button>
          </Group>
        </form>
      </Dialog>
    </>
  )
}
