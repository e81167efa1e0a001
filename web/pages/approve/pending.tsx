import { type FormEvent, useRef, useState } from 'react'
import { useServerNow } from '../../parts/clock.ts'
import type { Fault } from '../../parts/fault.ts'
import { Card } from '../../ui/shell.tsx'
import { Actions } from './actions.tsx'
import { isUnsure, type useAct, type useReport } from './answer.ts'
import { Ask } from './ask.tsx'
import { Confirm } from './confirm.tsx'
import { Countdown } from './countdown.tsx'
import { Facts } from './facts.tsx'
import { Fields } from './fields.tsx'
import { type Entered, emptyForm, faultsIn, filledFrom } from './form.ts'
import { Messages } from './messages.tsx'
import { useComeback, useExpiry } from './peek.ts'
import css from './pending.module.css'
import type { Opened, Seen } from './reading.ts'
import { Report } from './report.tsx'
import { SignedIn } from './signed-in.tsx'

type Props = {
  token: string
  seen: Seen
  act: ReturnType<typeof useAct>
  report: ReturnType<typeof useReport>
  fault: Fault | null
  again: () => void
}

type Action = Opened['actions'][number]

/** A request that waits for its answer. */
export function Pending({ token, seen, act, report, fault, again }: Props) {
  const { approval } = seen
  const now = useServerNow(seen.offset)
  const over = Date.parse(approval.expires_at) <= now
  useExpiry(token, over)
  useComeback(token, act.error ?? report.error)
  const [entered, setEntered] = useState<Entered>(emptyForm)
  const [checked, setChecked] = useState(false)
  const [asked, setAsked] = useState<Action>()
  const form = useRef<HTMLFormElement>(null)
  const limited =
    act.error?.code === 'RATE_LIMITED' && act.error.at + (act.error.retryAfter ?? 0) * 1000 > now - seen.offset
  const unsure = act.error !== null && isUnsure(act.error, seen)
  const busy = act.isPending || report.isPending
  const still = busy || over || unsure || limited
  const mayDecide = approval.needs.sign_in ? approval.signed_in_as?.may_decide === true : true
  const faults = checked ? faultsIn(entered, approval.needs) : {}

  const press = (action: Action, confirmed: boolean) => {
    setChecked(true)
    const [first] = Object.keys(faultsIn(entered, approval.needs))
    if (first) {
      setAsked(undefined)
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
    } else if (action.style === 'danger' && !confirmed) setAsked(action)
    else if (!still) {
      act.send({ action: action.key, ...filledFrom(entered, approval.needs) })
      // A wrong PIN or number is typed anew, and never sent twice by habit.
      setEntered({ ...entered, pin: '', match_number: '' })
      setChecked(false)
      setAsked(undefined)
    }
  }
  // Enter in a field must not choose one of several actions for the visitor.
  const ignore = (event: FormEvent) => event.preventDefault()

  return (
    <Card className={css.sheet}>
      <Ask approval={approval} />
      <form ref={form} className={css.decide} aria-label="Your decision" onSubmit={ignore} noValidate>
        <Countdown approval={approval} now={now} />
        {mayDecide && (
          <Fields approval={approval} entered={entered} change={setEntered} faults={faults} refused={act.error} />
        )}
        <Messages act={act} report={report} seen={seen} reading={fault} now={now - seen.offset} again={again} />
        <SignedIn token={token} approval={approval} />
        {mayDecide && (
          <Actions
            actions={approval.actions}
            still={still}
            chosen={asked?.key ?? (act.isPending ? act.variables.action : undefined)}
            sending={act.isPending}
            press={(action) => press(action, false)}
          />
        )}
        {asked && (
          <Confirm action={asked} still={still} yes={() => press(asked, true)} no={() => setAsked(undefined)} />
        )}
        {mayDecide && <Report still={still} send={() => report.send()} />}
      </form>
      <section className={css.facts} aria-labelledby="details">
        <h2 id="details" className={css.subtitle}>
          Details
        </h2>
        <Facts approval={approval} now={now} />
      </section>
    </Card>
  )
}
