import { Flag } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useArmed } from '../../parts/armed.ts'
import { Button } from '../../ui/button.tsx'
import css from './actions.module.css'

/** "This wasn't expected": ends the request without deciding it, and tells the project. */
export function Report({ still, send }: { still: boolean; send: () => void }) {
  const [asked, setAsked] = useState(false)
  if (asked) return <Really still={still} yes={send} no={() => setAsked(false)} />
  return (
    <Button look="quiet" disabled={still} icon={<Flag aria-hidden size={18} />} onClick={() => setAsked(true)}>
      This wasn’t expected
    </Button>
  )
}

function Really({ still, yes, no }: { still: boolean; yes: () => void; no: () => void }) {
  const armed = useArmed()
  const panel = useRef<HTMLDivElement>(null)
  const back = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    back.current?.focus({ preventScroll: true })
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={panel} className={css.confirm} data-quiet aria-labelledby="report">
      <p id="report">
        <strong>Report it?</strong> The link stops working for everybody, nothing is decided, and the project is told
        that you did not expect it.
      </p>
      <div className={css.pair}>
        <Button ref={back} onClick={no}>
          Go back
        </Button>
        <Button
          look="secondary"
          disabled={still}
          icon={<Flag aria-hidden size={18} />}
          onClick={() => armed() && yes()}
        >
          Report it
        </Button>
      </div>
    </section>
  )
}
