import { Button, NativeSelect } from '@mantine/core'
import { Check, Scissors } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useArmed } from '../../parts/armed.ts'
import { inZone } from '../../parts/clock.ts'
import { useNow } from '../../parts/now.ts'
import { Problem } from '../../ui/problem.tsx'
import { Until } from '../../ui/until.tsx'
import { useAnswer } from './answer.ts'
import { Covers } from './covers.tsx'
import { Narrow } from './narrow.tsx'
import { canNarrow, narrowed, untouched } from './narrowing.ts'
import { Refuse } from './refuse.tsx'
import { allows, lasting, type Request } from './request.tsx'
import css from './requests.module.css'

/** How long a yes may hold; the server takes at most 8 hours. */
const whiles = [900, 3600, 14_400, 28_800] as const

/** The answer: yes, yes to less, yes for a while, or no. `lost`: somebody else, or the clock, was first. */
export function Decide({ request, lost }: { request: Request; lost: () => void }) {
  const now = useNow()
  const armed = useArmed()
  const [less, setLess] = useState(false)
  const [entered, setEntered] = useState(untouched)
  const [seconds, setSeconds] = useState(0)
  const [refusing, setRefusing] = useState<'deny' | 'unexpected'>()
  const change = useAnswer(request, { lost, here: true })
  const { scope, faults } = narrowed(request.requested_scope, entered)
  const isLess = less && JSON.stringify(scope) !== JSON.stringify(request.requested_scope)
  const over = Date.parse(request.expires_at) <= now
  const still = over || change.busy
  const wrong = less && Object.keys(faults).length > 0
  const approve = () => {
    if (!armed() || still || wrong) return
    void change.go({
      action: 'approve',
      ...(isLess ? { scope } : {}),
      ...(seconds > 0 ? { standing_seconds: seconds } : {}),
    })
  }
  return (
    <form
      className={css.decide}
      aria-label="Your answer"
      // Enter in a field must not answer for the reader.
      onSubmit={(event: FormEvent) => event.preventDefault()}
      noValidate
    >
      <Until what="Can be answered until" end={request.expires_at} now={now} />
      <p>{allows(request)}</p>
      {canNarrow(request.requested_scope) && (
        <Button
          variant="default"
          leftSection={<Scissors aria-hidden size={18} />}
          aria-expanded={less}
          onClick={() => setLess(!less)}
        >
          {less ? 'Allow all that is asked' : 'Allow less…'}
        </Button>
      )}
      {less && (
        <Narrow
          asked={request.requested_scope}
          entered={entered}
          change={setEntered}
          faults={faults}
          refused={change.at}
        />
      )}
      <NativeSelect
        label="Yes for how long"
        description="To the same request again, without asking anybody."
        value={String(seconds)}
        onChange={(event) => setSeconds(Number(event.currentTarget.value))}
        data={[
          { value: '0', label: 'Only this time' },
          ...whiles.map((one) => ({ value: String(one), label: `Yes for ${lasting(one)}` })),
        ]}
      />
      {seconds > 0 && (
        <Covers request={request} less={isLess} until={inZone(new Date(now + seconds * 1000).toISOString())} />
      )}
      {!refusing && <Problem fault={change.fault} />}
      <div className={css.buttons}>
        <Button
          size="md"
          leftSection={<Check aria-hidden size={20} />}
          disabled={still || wrong || refusing !== undefined}
          loading={change.busy && refusing === undefined}
          onClick={approve}
        >
          {['Approve', isLess && 'less', seconds > 0 && `for ${lasting(seconds)}`].filter(Boolean).join(' ')}
        </Button>
        <Button
          size="md"
          color="red"
          variant="light"
          disabled={still}
          aria-expanded={refusing === 'deny'}
          onClick={() => setRefusing('deny')}
        >
          Deny…
        </Button>
        <Button
          size="md"
          variant="subtle"
          disabled={still}
          aria-expanded={refusing === 'unexpected'}
          onClick={() => setRefusing('unexpected')}
        >
          I did not expect this…
        </Button>
      </div>
      {refusing && (
        <Refuse
          key={refusing}
          kind={refusing}
          still={still}
          busy={change.busy}
          fault={change.fault}
          send={(comment) => void change.go({ action: 'deny', ...(comment === '' ? {} : { comment }) })}
          back={() => setRefusing(undefined)}
        />
      )}
    </form>
  )
}
