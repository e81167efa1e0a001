import { Button } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../../shared/visible.ts'
import { usePages } from '../../../parts/pages.ts'
import { useProject } from '../../../project.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { List } from '../../../ui/rows.tsx'
import css from './account.module.css'
import type { Account } from './account.ts'
import { GrantForm } from './grant.tsx'
import { Grants } from './grants.tsx'

/** Who else may use an account, for how long, and a form that lets somebody in. */
export function Access({ account }: { account: Account }) {
  const { id, api } = useProject()
  const [adding, setAdding] = useState(false)
  const pages = usePages(
    ['accounts', id, 'permissions', account.id],
    (cursor) => api.accounts.permissions.query({ accountId: account.id, ...cursor }),
    // Read whenever it is opened: codes by count are used up meanwhile.
    { staleTime: 0 },
  )
  return (
    <div className={css.stack}>
      <p>
        {account.owner && `${visible(account.owner.name)}, who owns it, and the`}
        {!account.owner && 'The'} project’s admins have it without a grant; so have API keys that read codes, unless
        they are limited to other tags.
      </p>
      {adding ? (
        <GrantForm account={account} done={() => setAdding(false)} />
      ) : (
        <div>
          <Button onClick={() => setAdding(true)}>Give access…</Button>
        </div>
      )}
      <List
        pages={pages}
        empty={<Empty title="Nobody else">Whoever is given access gets its codes, and never its seed.</Empty>}
      >
        {(rows) => <Grants account={account} of={rows} />}
      </List>
    </div>
  )
}
