import { useEffect, useRef } from 'react'
import type { Fault } from '../../parts/fault.ts'
import { Announce } from '../../ui/announce.tsx'
import { useAct, useReport } from './answer.ts'
import { Outcome } from './outcome.tsx'
import { tellOutcome } from './outcome-words.ts'
import { Pending } from './pending.tsx'
import type { Seen } from './reading.ts'

type Props = { token: string; seen: Seen; fault: Fault | null; again: () => void }

/** An approval that was read: pending, or ended. When it ends while it is open, the page swaps and says so. */
export function Live({ token, seen, fault, again }: Props) {
  const act = useAct(token, seen)
  const report = useReport(token, seen)
  const { approval } = seen
  // An answer of this page's that is under way comes first: the read that waits may hear of it sooner, as of a stranger's.
  const pending = approval.status === 'pending' || act.isPending || report.isPending
  const wasPending = useRef(pending)
  const told = pending
    ? undefined
    : tellOutcome(approval, { answered: act.data?.accepted === true, reported: report.data?.accepted === true })
  useEffect(() => {
    document.title = told ? `${told.title} · Approval request` : 'Approval request'
  }, [told])
  const lost = (act.data?.lost ?? false) || (report.data?.lost ?? false)
  return (
    <>
      <Announce urgent text={told && wasPending.current ? `${told.headline}. ${told.happened}` : ''} />
      {told ? (
        <Outcome seen={seen} told={told} lost={lost} takeFocus={wasPending.current} />
      ) : (
        <Pending token={token} seen={seen} act={act} report={report} fault={fault} again={again} />
      )}
    </>
  )
}
