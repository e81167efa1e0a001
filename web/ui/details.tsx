import type { ReactNode } from 'react'
import css from './details.module.css'

/** Named facts; those without anything to say are left out. */
export const Details = ({ of }: { of: readonly (readonly [name: string, fact: ReactNode])[] }) => (
  <dl className={css.details}>
    {of
      .filter(([, fact]) => fact !== null && fact !== undefined && fact !== '' && fact !== false)
      .map(([name, fact]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
  </dl>
)

/** A part of a drawer or page under a heading of its own. */
export const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={css.part}>
    <h2>{title}</h2>
    {children}
  </section>
)
