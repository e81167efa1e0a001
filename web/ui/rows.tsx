import type { ReactNode } from 'react'
import type { Pages } from '../parts/pages.ts'
import { Reading } from './reading.tsx'
import css from './rows.module.css'

type TableProps = { label: string; head: readonly string[]; children: ReactNode }

/** A table; below 640 px each row is a card. The first column is what opens the row. */
export const Table = ({ label, head, children }: TableProps) => (
  <table className={css.table}>
    <caption className="unseen">{label}</caption>
    <thead>
      <tr>
        {head.map((each) => (
          <th key={each} scope="col">
            {each}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
)

export const Row = ({ quiet = false, children }: { quiet?: boolean; children: ReactNode }) => (
  <tr className={css.row} data-quiet={quiet || undefined}>
    {children}
  </tr>
)

/** A cell; `label` names it where the row is a card. */
export const Cell = ({ label, children }: { label: string; children: ReactNode }) => (
  <td data-label={label}>
    <div className={css.cell}>{children}</div>
  </td>
)

/** What opens a row, anywhere it is pressed; `j` and `k` go from one to the next. */
export const Opener = ({ id, open, children }: { id: string; open: () => void; children: ReactNode }) => (
  <button type="button" className={css.opener} data-row={id} onClick={open}>
    {children}
  </button>
)

type ListProps<Item> = {
  pages: Pages<Item>
  /** What stands in place of no rows. */
  empty: ReactNode
  children: (items: Item[]) => ReactNode
}

/** A list read by cursor, in every state it can be in. */
export const List = <Item,>({ pages, empty, children }: ListProps<Item>) => (
  <Reading of={{ ...pages, data: pages.items }}>
    {(items) => (
      <>
        {items.length === 0 ? empty : children(items)}
        {pages.more && (
          <button type="button" className={css.more} disabled={pages.moreUnderway} onClick={pages.more}>
            {pages.moreUnderway ? 'Loading…' : 'Show more'}
          </button>
        )}
      </>
    )}
  </Reading>
)
