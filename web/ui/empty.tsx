import type { ReactNode } from 'react'
import { CopyLine } from './copy.tsx'
import css from './empty.module.css'

type Props = {
  icon?: ReactNode
  title: string
  /** What this place is, in a sentence or two. */
  children: ReactNode
  /** The one thing to do next. */
  action?: ReactNode
  /** The same from a shell. */
  curl?: string
}

/** What stands in place of an empty list: what it is, the one next action, and a command to copy. */
export const Empty = ({ icon, title, children, action, curl }: Props) => (
  <div className={css.empty}>
    {icon && <span className={css.icon}>{icon}</span>}
    <h2 className={css.title}>{title}</h2>
    <div className={css.words}>{children}</div>
    {action}
    {curl && (
      <div className={css.curl}>
        <CopyLine text={curl} what="the command" />
      </div>
    )}
  </div>
)
