import type { ReactNode } from 'react'
import { useTitle } from '../title.ts'
import css from './door.module.css'
import { Card, Shell } from './shell.tsx'

type Props = { title: string; lead?: ReactNode; wide?: boolean; side?: ReactNode; children: ReactNode }

/** A page outside of any project: signing in, setting up, joining. One card with its h1, which is the title too. */
export function Door({ title, lead, wide = false, side, children }: Props) {
  useTitle(title)
  return (
    <Shell side={side}>
      <div className={css.door} data-wide={wide || undefined}>
        <Card>
          <div className={css.inside}>
            <header>
              <h1 className={css.title}>{title}</h1>
              {lead && <p className={css.lead}>{lead}</p>}
            </header>
            {children}
          </div>
        </Card>
      </div>
    </Shell>
  )
}

/** Between ways to do the same. */
export const Or = () => (
  <div className={css.or} aria-hidden="true">
    <span>or</span>
  </div>
)
