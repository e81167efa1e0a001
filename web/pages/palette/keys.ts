import { singleKeys } from './switch.ts'

/** Where `g` and a letter go. */
export const places = {
  i: { to: '/p/$project', label: 'Inbox' },
  a: { to: '/p/$project/approvals', label: 'Approvals' },
  v: { to: '/p/$project/values', label: 'Values' },
  s: { to: '/p/$project/secrets', label: 'Secrets' },
  c: { to: '/p/$project/codes', label: 'Codes' },
  n: { to: '/p/$project/agents', label: 'Agents' },
  w: { to: '/p/$project/connections', label: 'Connections' },
  k: { to: '/p/$project/keys', label: 'API keys' },
  l: { to: '/p/$project/keys', search: { tab: 'log' }, label: 'Access log' },
  u: { to: '/p/$project/audit', label: 'Audit' },
  p: { to: '/p/$project/people', label: 'People' },
  ',': { to: '/p/$project/settings', label: 'Settings' },
} as const

export type Place = (typeof places)[keyof typeof places]

export type Wish = 'palette' | 'help' | 'search' | 'next' | 'previous' | Place

/** Ms that `g` waits for its letter. */
const patience = 1500

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const placeOf = (key: string): Place | undefined => Object.entries(places).find(([letter]) => letter === key)?.[1]

/**
 * Hears the keyboard: mod+K always; single keys never while somebody types, in a dialog, with a modifier, or switched off.
 * Answers how to stop.
 */
export function hear(wish: (wish: Wish) => void): () => void {
  let wentAt = Number.NEGATIVE_INFINITY
  const onKey = (event: KeyboardEvent) => {
    const take = (what: Wish) => {
      event.preventDefault()
      wish(what)
    }
    if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k')
      return take('palette')
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || !singleKeys()) return
    if (isTyping(event.target) || document.querySelector('[role="dialog"], [role="menu"], dialog[open]')) return
    const going = event.timeStamp - wentAt < patience
    wentAt = Number.NEGATIVE_INFINITY
    const place = going ? placeOf(event.key) : undefined
    if (place) take(place)
    else if (event.key === 'g') wentAt = event.timeStamp
    else if (event.key === '?') take('help')
    else if (event.key === '/') take('search')
    else if (event.key === 'j') take('next')
    else if (event.key === 'k') take('previous')
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

/** Moves the focus to the next row of the list on the page, or the one before. */
export function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('#main [data-row]')]
  // `j` works from anywhere inside a row as well.
  const focused = document.activeElement
  const inside = focused?.closest('tr, li')
  const at = rows.findIndex((row) => row === focused || (inside && row.closest('tr, li') === inside))
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus()
}
