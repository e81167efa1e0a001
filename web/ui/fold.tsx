import type { ReactNode } from 'react'
import css from './fold.module.css'

type Props = {
  summary: string
  /** Open from the start or from now on; otherwise whoever reads it opens it. */
  open: boolean
  children: ReactNode
}

/** Fields that most people leave alone, folded away; whoever refuses one of them opens it. */
export const Fold = ({ summary, open, children }: Props) => (
  <details className={css.fold} open={open || undefined}>
    <summary>{summary}</summary>
    <div className={css.folded}>{children}</div>
  </details>
)
