import { Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useName } from '../parts/name.ts'
import css from './sheet.module.css'
import { Card } from './shell.tsx'

type Props = {
  icon: LucideIcon
  headline: string
  /** In tabs and histories; the page's own when it is not given. */
  title?: string
  /** The page swapped after a press: the heading takes the focus. */
  swapped?: boolean
  children: ReactNode
}

/** One thing to read and to do, in one column, under the page's h1. */
export function Sheet({ icon: Icon, headline, title, swapped = false, children }: Props) {
  useName(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (swapped) heading.current?.focus()
  }, [swapped])
  return (
    <Card className={css.sheet}>
      <header className={css.head}>
        <Icon aria-hidden size={26} />
        <h1 ref={heading} tabIndex={-1} className={css.headline}>
          {headline}
        </h1>
      </header>
      {children}
    </Card>
  )
}

/** What must not be missed, or is only said; as icon and words. */
export const Notice = ({ warn = false, children }: { warn?: boolean; children: ReactNode }) => {
  const Icon = warn ? TriangleAlert : Info
  return (
    <div className={css.notice} data-warn={warn || undefined}>
      <Icon aria-hidden size={20} />
      <div>{children}</div>
    </div>
  )
}

/** Buttons side by side, below one another where there is no room. */
export const Row = ({ children }: { children: ReactNode }) => <div className={css.row}>{children}</div>

/** Grey shapes while the first look is under way, shown only when that takes longer than 300 ms. */
export const Bones = ({ headline }: { headline: string }) => (
  <Card className={css.sheet}>
    <h1 className={css.headline}>{headline}</h1>
    <div className={css.bones} aria-hidden="true">
      <div />
      <div />
      <div />
    </div>
  </Card>
)
