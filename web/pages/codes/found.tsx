import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Announce } from '../../ui/announce.tsx'
import { Notice } from '../../ui/sheet.tsx'
import { nameOf } from './account/account.ts'
import { type Board, inOrder, matching, type Shared, tagsOf } from './board.ts'
import css from './codes.module.css'
import { useDrift } from './desk.tsx'
import { AccountList } from './list.tsx'
import { NoMatch } from './none.tsx'
import type { Acts } from './row.tsx'
import { CodesSearch } from './search.tsx'

const route = getRouteApi('/p/$project/codes')

/** Ms without a letter after which the search is written into the address. */
const settled = 400

/** The accounts that the search and the tag find. Both stand in the address. */
export function Found({ board }: { board: Board }) {
  const { tag, q: asked = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const [q, setQ] = useState(asked)
  const [used] = useState(() => new Map(board.items.map((one) => [one.id, one.used_at])))
  const { acts, said } = useActs()
  const put = useRef((_words: { q?: string | undefined; tag?: string | undefined }) => {})
  put.current = (words) =>
    void navigate({ search: (before) => ({ ...before, ...words }), replace: true, resetScroll: false })
  useEffect(() => {
    const timer = setTimeout(() => q !== asked && put.current({ q: q || undefined }), settled)
    return () => clearTimeout(timer)
  }, [q, asked])
  // Typing comes first; the rows follow as soon as there is time.
  const looked = useDeferredValue(q)
  const ordered = useMemo(() => inOrder(board.items, used), [board.items, used])
  const found = useMemo(() => matching(ordered, { q: looked, tag }), [ordered, looked, tag])
  const clear = () => {
    setQ('')
    put.current({ q: undefined, tag: undefined })
  }
  const all = board.items.length
  return (
    <div className={css.board}>
      <Drift />
      <CodesSearch
        q={q}
        put={setQ}
        tags={useMemo(() => tagsOf(board.items), [board.items])}
        tag={tag}
        pick={(next) => put.current({ tag: next })}
      />
      {board.more && <Notice>There are more than {all} accounts. The rest is found by the API’s list only.</Notice>}
      {found.length > 0 ? (
        <AccountList accounts={found} hidden={board.hidden} acts={acts} />
      ) : (
        <NoMatch clear={clear} />
      )}
      <Announce text={looked || tag ? `${found.length} of ${all} accounts` : ''} />
      <Announce text={said} />
    </div>
  )
}

/** What rows ask of the page, and what is said of it to a screen reader. */
function useActs(): { acts: Acts; said: string } {
  const { id, api } = useProject()
  const navigate = route.useNavigate()
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const key = ['accounts', id, 'board']
  const pin = useChange({
    run: ({ id: accountId, pinned }: Shared) => api.accounts.pin.mutate({ accountId, pinned: !pinned }),
    done: (_none, { id: accountId }) =>
      client.setQueryData<Board>(key, (before) => before && turned(before, accountId)),
  })
  const latest = useRef<Acts>(undefined)
  latest.current = {
    pin: (account) => void pin.go(account),
    open: ({ id: account }, tab) =>
      void navigate({ search: (before) => ({ ...before, account, tab }), resetScroll: false }),
    taken: (account, how) => {
      setSaid('')
      const name = nameOf(account)
      setTimeout(
        () =>
          setSaid(
            how === 'copied'
              ? `Copied the code of ${name}.`
              : `Selected the code of ${name}; copy it with your keyboard.`,
          ),
        20,
      )
      // Whether it is written down decides nothing for whoever has the code now.
      if (how === 'copied') void api.accounts.copied.mutate({ accountId: account.id }).catch(() => undefined)
    },
  }
  const [acts] = useState<Acts>(() => ({
    pin: (account) => latest.current?.pin(account),
    open: (account, tab) => latest.current?.open(account, tab),
    taken: (account, how) => latest.current?.taken(account, how),
  }))
  return { acts, said }
}

const turned = (board: Board, id: string): Board => ({
  ...board,
  items: board.items.map((one) => (one.id === id ? { ...one, pinned: !one.pinned } : one)),
})

/** Codes here go by the server's clock; what else on this device goes by its own would be wrong. */
function Drift() {
  const drift = useDrift()
  if (drift === 0) return null
  return (
    <Notice warn>
      This device’s clock is {Math.abs(drift)} s {drift > 0 ? 'behind' : 'ahead of'} the server’s. The codes here are
      right; an authenticator app on this device may show wrong ones until its clock is set.
    </Notice>
  )
}
