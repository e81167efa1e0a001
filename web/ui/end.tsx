import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { inZone } from '../parts/clock.ts'
import { useName } from '../parts/name.ts'
import css from './end.module.css'
import { Card } from './shell.tsx'

type Props = {
  icon: LucideIcon
  tone?: 'ok' | 'warn' | 'quiet'
  /** For tabs and histories: neutral, never somebody's words. */
  title: string
  headline: string
  /** ISO 8601. */
  at?: string | null | undefined
  happened: ReactNode
  next: ReactNode
  /** The page swapped while somebody looked at it: the heading takes the focus. */
  swapped?: boolean
  children?: ReactNode
}

/** How something ended, when, and what to do next. */
export function End({ icon: Icon, tone = 'quiet', title, headline, at, happened, next, swapped, children }: Props) {
  useName(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (swapped) heading.current?.focus()
  }, [swapped])
  return (
    <Card className={css.end}>
      <div className={css.seal} data-tone={tone}>
        <Icon aria-hidden size={28} strokeWidth={2.25} />
      </div>
      <h1 ref={heading} tabIndex={-1} className={css.headline}>
        {headline}
      </h1>
      {at && (
        <p className={css.when}>
          <time dateTime={at}>{inZone(at)}</time>
        </p>
      )}
      <p>{happened}</p>
      <p className={css.next}>{next}</p>
      {children}
    </Card>
  )
}
