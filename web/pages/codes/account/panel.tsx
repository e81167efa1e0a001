import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { faultOf } from '../../../parts/fault.ts'
import { readingOf } from '../../../parts/query.ts'
import { useProject } from '../../../project.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Reading } from '../../../ui/reading.tsx'
import { Access } from './access.tsx'
import { type Account, nameOf, useRights } from './account.ts'
import { AccountDetails } from './details.tsx'
import { AccountLog } from './log.tsx'

const tabs = { details: 'Details', access: 'Access', log: 'Log' } as const

export type AccountTab = keyof typeof tabs

type Props = {
  accountId: string
  /** What is on show; both stand in the address. */
  tab: AccountTab
  show: (tab: AccountTab) => void
  close: () => void
}

/** One account: what it is, who else may use it, and what happened with it. */
export function AccountPanel({ accountId, tab, show, close }: Props) {
  const { id, api } = useProject()
  const query = useQuery({
    queryKey: ['accounts', id, 'one', accountId],
    queryFn: () => api.accounts.get.query({ accountId }),
  })
  const gone = query.error !== null && faultOf(query.error).code === 'NOT_FOUND'
  return (
    <Dialog opened drawer size="lg" close={close} title={!gone && query.data ? nameOf(query.data) : 'Account'}>
      {gone ? (
        <Empty title="No account of yours">It was deleted, or whoever let you use it has ended that.</Empty>
      ) : (
        <Reading of={readingOf(query)} bones={3}>
          {(account) => <Inside account={account} tab={tab} show={show} close={close} />}
        </Reading>
      )}
    </Dialog>
  )
}

function Inside({ account, tab, show, close }: Omit<Props, 'accountId'> & { account: Account }) {
  const { manages } = useRights(account)
  const details = <AccountDetails key={account.id} account={account} close={close} />
  if (!manages) return details
  const all = Object.keys(tabs) as AccountTab[] // the keys of a literal object are exactly its type's keys
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(next) => {
        const chosen = all.find((one) => one === next)
        if (chosen) show(chosen)
      }}
    >
      <Tabs.List>
        {all.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="details" pt="md">
        {details}
      </Tabs.Panel>
      <Tabs.Panel value="access" pt="md">
        <Access account={account} />
      </Tabs.Panel>
      <Tabs.Panel value="log" pt="md">
        <AccountLog accountId={account.id} />
      </Tabs.Panel>
    </Tabs>
  )
}
