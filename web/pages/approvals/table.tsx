import { visible } from '../../../shared/visible.ts'
import { Cell, Opener, Row, Table } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import { type Approval, outcomeOf, StatusMark } from './approval.tsx'
import css from './approvals.module.css'
import { nameOf, RequestOpener } from './request-opener.tsx'

type Props = {
  label: string
  items: Approval[]
  open: (approvalId: string) => void
  /** The chosen ones; undefined: nothing can be chosen. */
  picked?: ReadonlySet<string> | undefined
  pick?: (picked: ReadonlySet<string>) => void
}

export function ApprovalTable({ label, items, open, picked, pick }: Props) {
  const toggle = (id: string) => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    pick?.(next)
  }
  const head = ['Key path', 'Status', 'Asked by', 'Created', 'Ends']
  return (
    <Table label={label} head={picked ? [...head, 'Choose'] : head}>
      {items.map((one) => (
        <Row key={one.approval_id} quiet={one.status !== 'pending'}>
          <Cell label="Key path">
            {one.kind === 'permission' ? (
              <RequestOpener of={one} />
            ) : (
              <Opener id={one.approval_id} open={() => open(one.approval_id)}>
                {one.key_path}
              </Opener>
            )}
            {one.ref_id !== null && <div>{visible(one.ref_id)}</div>}
          </Cell>
          <Cell label="Status">
            <StatusMark approval={one} />
            {one.decision && <div>{outcomeOf(one)}</div>}
          </Cell>
          <Cell label="Asked by">{visible(one.created_by.name)}</Cell>
          <Cell label="Created">
            <When iso={one.created_at} />
          </Cell>
          <Cell label="Ends">
            <When iso={one.ended_at ?? one.expires_at} />
          </Cell>
          {picked && (
            <Cell label="Choose">
              {one.status === 'pending' ? (
                <label className={css.pick}>
                  <span className="unseen">Choose {nameOf(one)}</span>
                  <input
                    type="checkbox"
                    checked={picked.has(one.approval_id)}
                    onChange={() => toggle(one.approval_id)}
                  />
                </label>
              ) : (
                '–'
              )}
            </Cell>
          )}
        </Row>
      ))}
    </Table>
  )
}
