import { TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useArmed } from '../../parts/armed.ts'
import { Button } from '../../ui/button.tsx'
import css from './actions.module.css'
import type { Opened } from './reading.ts'

type Props = { action: Opened['actions'][number]; still: boolean; yes: () => void; no: () => void }

/** The second step of a dangerous action: its buttons stand below all first ones, so no double press reaches them. */
export function Confirm({ action, still, yes, no }: Props) {
  const armed = useArmed()
  const panel = useRef<HTMLDivElement>(null)
  const back = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    back.current?.focus({ preventScroll: true })
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const label = visible(action.label)
  return (
    <section ref={panel} className={css.confirm} aria-labelledby="confirm">
      <p id="confirm">
        <strong>Really “{label}”?</strong> It counts at once; a decision cannot be taken back.
      </p>
      <div className={css.pair}>
        <Button ref={back} onClick={no}>
          Go back
        </Button>
        <Button
          look="danger"
          disabled={still}
          icon={<TriangleAlert aria-hidden size={20} />}
          onClick={() => armed() && yes()}
        >
          Confirm
        </Button>
      </div>
    </section>
  )
}
