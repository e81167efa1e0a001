import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import css from './setup.module.css'

type Props = { number: number; title: string; state: 'done' | 'now' | 'later'; children: ReactNode }

/** One step of a list that ticks itself. */
export const Step = ({ number, title, state, children }: Props) => (
  <li className={css.step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
    <span className={css.dot} aria-hidden="true">
      {state === 'done' ? <Check size={18} strokeWidth={2.5} /> : number}
    </span>
    <h2>
      {title}
      {state === 'done' && <span className="unseen"> (done)</span>}
    </h2>
    <div className={css.body}>{children}</div>
  </li>
)
