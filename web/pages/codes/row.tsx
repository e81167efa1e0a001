import { Ellipsis, Pin, ShieldCheck } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { inZone } from '../../parts/clock.ts'
import { Mark } from '../../ui/mark.tsx'
import { Menu } from '../../ui/menu.tsx'
import { nameOf } from './account/account.ts'
import type { AccountTab } from './account/panel.tsx'
import { type Shared, titleOf, underOf } from './board.ts'
import { Code } from './code.tsx'
import { useDesk } from './desk.tsx'
import css from './row.module.css'
import { takeCode } from './take-code.ts'

/** What rows do with the rest of the page; the same object for all of them, for good. */
export type Acts = {
  pin: (account: Shared) => void
  open: (account: Shared, tab: AccountTab) => void
  /** A code was taken, or could not be. */
  taken: (account: Shared, how: 'copied' | 'refused') => void
}

type Props = {
  account: Shared
  hidden: boolean
  acts: Acts
  watch: (row: HTMLElement) => () => void
  /** It was added just now: the row is marked, and brought into view. */
  added: boolean
}

/** One account: whose it is, its code, and what can be done with it. A press copies the code. */
export const AccountRow = memo(function AccountRow({ account, hidden, acts, watch, added }: Props) {
  const { feed } = useDesk()
  const row = useRef<HTMLLIElement>(null)
  const [copied, setCopied] = useState(0)
  useEffect(() => (row.current ? watch(row.current) : undefined), [watch])
  useEffect(() => {
    if (added) row.current?.scrollIntoView({ block: 'nearest' })
  }, [added])
  useEffect(() => {
    if (copied === 0) return
    const timer = setTimeout(() => setCopied(0), 2500)
    return () => clearTimeout(timer)
  }, [copied])
  const { id, pinned, access } = account
  const name = nameOf(account)
  const under = underOf(account)

  const take = async (unseen: boolean) => {
    const how = await takeCode(async () => {
      const now = await feed.get(id, unseen && hidden)
      return now?.kind === 'live' ? now.code : undefined
    })
    if (how === 'none') return
    if (how === 'copied') setCopied((times) => times + 1)
    else {
      feed.uncover(id)
      const digits = row.current?.querySelector('[data-code]')
      if (digits) getSelection()?.selectAllChildren(digits)
    }
    acts.taken(account, how)
  }
  const press = (unseen: boolean) => {
    const now = feed.of(id)
    const there = now?.kind === 'live' && (unseen || !now.unseen)
    // A code by count is spent by its own button only.
    if (!there && access.codes) row.current?.querySelector<HTMLElement>('[data-get]')?.focus()
    else if (!there && hidden && !unseen) feed.uncover(id)
    else void take(unseen)
  }
  return (
    <li
      ref={row}
      className={css.row}
      data-account={id}
      data-copied={copied > 0 || undefined}
      data-added={added || undefined}
    >
      <button
        type="button"
        className={css.pin}
        aria-pressed={pinned}
        aria-label={`Pin ${name}`}
        onClick={() => acts.pin(account)}
      >
        <Pin aria-hidden size={16} />
      </button>
      <div className={css.who}>
        <button
          type="button"
          className={css.opener}
          data-row={id}
          onClick={(event) => press(event.ctrlKey || event.metaKey)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
            event.preventDefault()
            press(true)
          }}
        >
          <span className={css.title}>{titleOf(account)}</span>
          {under && <span className={css.under}> {under}</span>}
          <span className="unseen">, copy the code</span>
        </button>
        <div className={css.about}>
          {account.tags.map((tag) => (
            <span key={tag} className={css.tag}>
              {visible(tag)}
            </span>
          ))}
          <span>{account.owner ? `${visible(account.owner.name)}’s` : 'Nobody’s'}</span>
          {account.only_by_approval && (
            <Mark icon={ShieldCheck} tone="quiet">
              Only by approval
            </Mark>
          )}
          {access.expires_at !== null && (
            <span>
              yours until <time dateTime={access.expires_at}>{inZone(access.expires_at)}</time>
            </span>
          )}
        </div>
      </div>
      <div className={css.codes}>
        {copied > 0 && <span className={css.copied}>Copied</span>}
        <Code account={account} hidden={hidden} />
      </div>
      <Menu
        label={`More about ${name}`}
        className={css.menu}
        face={<Ellipsis aria-hidden size={18} />}
        groups={menuOf(account, hidden, acts, { take: () => press(true), cover: () => feed.cover(id) })}
      />
    </li>
  )
})

function menuOf(account: Shared, hidden: boolean, acts: Acts, codes: { take: () => void; cover: () => void }) {
  const panel = (label: string, tab: AccountTab) => ({ label, run: () => acts.open(account, tab) })
  return [
    [
      { label: 'Copy without showing', hint: 'Ctrl or ⌘ with Enter', run: codes.take },
      ...(hidden && account.access.codes === null ? [{ label: 'Cover the code', run: codes.cover }] : []),
    ],
    [
      panel('Details', 'details'),
      ...(account.access.role === 'manager' ? [panel('Who has access', 'access'), panel('Log', 'log')] : []),
    ],
  ]
}
