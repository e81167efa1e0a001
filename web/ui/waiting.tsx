import { Skeleton } from '@mantine/core'
import css from './waiting.module.css'

/** Grey shapes in the place of what comes; they show themselves only when it takes longer than 300 ms. */
export const Waiting = ({ rows = 4, height = 56 }: { rows?: number; height?: number }) => (
  <div className={css.waiting} role="status">
    <span className="unseen">Loading…</span>
    {Array.from({ length: rows }, (_, row) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: shapes without content have nothing but their place
      <Skeleton key={row} height={height} radius="md" />
    ))}
  </div>
)
