import { Button } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../../shared/visible.ts'
import { Details } from '../../../ui/details.tsx'
import { Take } from '../../../ui/take.tsx'
import { When } from '../../../ui/when.tsx'
import css from './account.module.css'
import { type Account, useRights } from './account.ts'
import { DeleteAccount } from './delete.tsx'
import { EditAccount } from './edit.tsx'
import { HandOn } from './hand-on.tsx'
import { Marking } from './marking.tsx'
import { Seed } from './seed.tsx'

/** What an account is, without seed and code; and for whoever may, the ways to change it. */
export function AccountDetails({ account, close }: { account: Account; close: () => void }) {
  const { manages, owns, exports } = useRights(account)
  const [editing, setEditing] = useState(false)
  const { access } = account
  const ends = access.expires_at !== null && (
    <>
      , ends <When iso={access.expires_at} />
    </>
  )
  return (
    <div className={css.stack}>
      {editing ? (
        <EditAccount account={account} done={() => setEditing(false)} />
      ) : (
        <>
          <Details
            of={[
              ['Service', visible(account.issuer)],
              ['Account', visible(account.name)],
              ['Tags', account.tags.length > 0 && <Tags of={account.tags} />],
              ['Owner', account.owner ? visible(account.owner.name) : 'Nobody; admins see to it'],
              [
                'Your access',
                <span key="access">
                  {mayWords(account, { owns, exports })}
                  {access.codes && `, ${access.codes.left} of ${access.codes.max} left`}
                  {ends}
                </span>,
              ],
              ['API keys', !manages && account.only_by_approval && 'Only by an approval that releases its codes'],
              ['Codes', `${account.digits} digits every ${account.period} seconds, ${account.algorithm}`],
              [
                'Added',
                <span key="added">
                  <When iso={account.created_at} /> by {visible(account.created_by.name)}
                </span>,
              ],
              ['Id', <Take key="id" text={account.id} what="the id" />],
            ]}
          />
          {manages && <Marking account={account} owns={owns} />}
          <div className={css.buttons}>
            {manages && (
              <Button variant="default" onClick={() => setEditing(true)}>
                Edit
              </Button>
            )}
            {exports && <Seed account={account} />}
            {owns && <HandOn account={account} />}
            {owns && <DeleteAccount account={account} gone={close} />}
          </div>
          {!manages && (
            <p className={css.small}>You get this account’s codes. Its seed stays on the server; nobody can copy it.</p>
          )}
        </>
      )}
    </div>
  )
}

/** What one may do with it, in words. */
function mayWords({ access }: Account, { owns, exports }: { owns: boolean; exports: boolean }): string {
  if (owns) return exports ? 'Everything' : 'Everything but the seed'
  return access.role === 'manager' ? 'Codes, editing, granting' : 'Codes'
}

const Tags = ({ of }: { of: readonly string[] }) => (
  <ul className={css.tags}>
    {of.map((tag) => (
      <li key={tag}>{visible(tag)}</li>
    ))}
  </ul>
)
