import { getRouteApi } from '@tanstack/react-router'
import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react'
import type { Shared } from './board.ts'
import { useDesk } from './desk.tsx'
import css from './row.module.css'
import { AccountRow, type Acts } from './row.tsx'

const route = getRouteApi('/p/$project/codes')

/** The rows' openers, from the first to the last. */
const openers = () => [...document.querySelectorAll<HTMLElement>('#main [data-account] [data-row]')]

/** The row that the search leads to: the first. */
export const firstRow = (): HTMLElement | undefined => openers()[0]

/** Arrow keys go from row to row, and from the first one up to the search. */
function move(event: KeyboardEvent): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (by === 0 || !(event.target instanceof HTMLElement)) return
  const all = openers()
  const at = all.indexOf(event.target)
  if (at < 0) return
  event.preventDefault()
  const next = all[at + by]
  if (next) next.focus()
  else if (by < 0) document.querySelector<HTMLElement>('input[data-search]')?.focus()
}

type Props = { accounts: readonly Shared[]; hidden: boolean; acts: Acts }

/** The accounts, in the order they come in. Rows tell the feed when they come into view: only those are asked for. */
export function AccountList({ accounts, hidden, acts }: Props) {
  const { feed } = useDesk()
  const { added } = route.useSearch()
  const watcher = useRef<IntersectionObserver>(undefined)
  const watch = useCallback(
    (row: HTMLElement) => {
      const idOf = (element: Element) => (element instanceof HTMLElement ? (element.dataset.account ?? '') : '')
      watcher.current ??= new IntersectionObserver((seen) => {
        for (const { target, isIntersecting } of seen) feed.view(idOf(target), isIntersecting)
      })
      const { current } = watcher
      current.observe(row)
      return () => {
        current.unobserve(row)
        feed.view(idOf(row), false)
      }
    },
    [feed],
  )
  useEffect(() => () => watcher.current?.disconnect(), [])
  return (
    <ul className={css.list} aria-label="Accounts" onKeyDown={move}>
      {accounts.map((account) => (
        <AccountRow
          key={account.id}
          account={account}
          hidden={hidden}
          acts={acts}
          watch={watch}
          added={account.id === added}
        />
      ))}
    </ul>
  )
}
