import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTitle } from '../title.ts'
import css from './page.module.css'

type Props = {
  title: string
  /** One sentence under the heading: what this page is for. */
  lead?: ReactNode
  /** Buttons at the end of the heading's line; below it on phones. */
  actions?: ReactNode
  /** Keeps lines readable on pages of forms. */
  narrow?: boolean
  children: ReactNode
}

/** A page of the dashboard: its one h1, which is the document's title too, and what it holds. */
export function Page({ title, lead, actions, narrow = false, children }: Props) {
  useTitle(title)
  return (
    <div className={css.page} data-narrow={narrow || undefined}>
      <header className={css.head}>
        <div>
          <Title order={1} className={css.title}>
            {title}
          </Title>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** A sheet on a page, with its own heading. */
export function Section({
  title,
  lead,
  actions,
  children,
}: Omit<Props, 'title' | 'narrow'> & { title?: string | undefined }) {
  return (
    <section className={css.section}>
      {(title || actions) && (
        <div className={css.head}>
          <div>
            {title && <h2 className={css.subtitle}>{title}</h2>}
            {lead && <p className={css.lead}>{lead}</p>}
          </div>
          {actions && <div className={css.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </section>
  )
}
