import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Details } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import { type Approval, outcomeOf } from './approval.tsx'
import css from './drawer.module.css'

/** The signed proof of a decision, to take away. */
export function Receipt({ approval }: { approval: Approval }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Receipt…
      </Button>
      {opened && <ReceiptDialog approval={approval} close={() => setOpened(false)} />}
    </>
  )
}

function ReceiptDialog({ approval, close }: { approval: Approval; close: () => void }) {
  const { id, api } = useProject()
  const { approval_id, progress, decision, ended_at, action_hash } = approval
  const query = useQuery({
    queryKey: ['approvals', id, 'receipt', approval_id],
    queryFn: async () => (await api.approvals.receipt.query({ approval_id })).receipt,
    // It holds the value: nothing keeps it once the dialog is closed.
    gcTime: 0,
  })
  const agreed = progress?.votes.filter(({ action, counts }) => counts && action === decision?.action) ?? []
  return (
    <Dialog opened size="lg" close={close} title="Receipt">
      <Reading of={readingOf(query)} bones={3}>
        {(receipt) => (
          <div className={css.drawer}>
            <p>
              Signed by this service. Anybody who has its public keys can check it without asking us:{' '}
              <code>countersign verify</code>.
            </p>
            <Details
              of={[
                ['Decision', outcomeOf(approval)],
                ['Agreed', agreed.length > 1 && agreed.map(({ by }) => visible(by.name)).join(', ')],
                ['When', ended_at && <When iso={ended_at} />],
                ['Fingerprint', <code key="hash">{action_hash.slice(0, 16)}</code>],
              ]}
            />
            <CopyLine text={receipt} what="the receipt" />
            <p className={css.small}>
              Public keys: <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>
            </p>
          </div>
        )}
      </Reading>
    </Dialog>
  )
}
