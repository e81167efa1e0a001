import type { ReactNode } from 'react'
import css from './shell.module.css'

const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="#1c3f7c" />
    <g fill="none" strokeWidth="2.8" strokeLinecap="round" strokeLinejoin="round">
      <path d="M7 17.5l4.6 4.5L20 11.5" stroke="#fff" />
      <path d="M16.2 20.4l1.7 1.6L26 11.5" stroke="#9dbcf5" />
    </g>
  </svg>
)

/** The frame of every public page: who runs it, the page, a quiet foot. */
export function Shell({ side, foot, children }: { side?: ReactNode; foot?: ReactNode; children: ReactNode }) {
  return (
    <div className={css.shell}>
      <header className={css.bar}>
        <Mark />
        <span>Countersign</span>
        {side && <span className={css.side}>{side}</span>}
      </header>
      <main className={css.main}>{children}</main>
      {foot && <footer className={css.foot}>{foot}</footer>}
    </div>
  )
}

/** A sheet of paper on the page. */
export function Card({ className = '', children }: { className?: string | undefined; children: ReactNode }) {
  return <div className={`${css.card} ${className}`}>{children}</div>
}
