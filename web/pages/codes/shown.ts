import type { Answers } from '../../api.ts'
import type { Shared } from './board.ts'

export type Item = Answers['accounts']['codes']['items'][number]

export type Live = {
  kind: 'live'
  code: string
  next: string | null
  /** When the code ends, by the server's clock, in ms. */
  endsAt: number
  /** Taken to the clipboard unseen: known here, and covered. */
  unseen: boolean
  /** Stands for the code before it, until the server was asked. */
  due: boolean
}

/** What stands in the place of a code; undefined: it is covered. */
export type Shown =
  | Live
  | { kind: 'asking' }
  /** `again`: when it is asked for by itself, by the server's clock, in ms. */
  | { kind: 'failed'; why: string; again: number }
  /** By count there is one code for each step: the next can be had from `until` on. */
  | { kind: 'waits'; until: number }
  | { kind: 'used up' }

/** What a reply says of one account. `now`: the server's time in ms. */
export function shownBy(item: Item, account: Shared, now: number, unseen: boolean): Shown {
  if (item.code !== undefined && item.expires_at !== undefined)
    return {
      kind: 'live',
      code: item.code,
      next: item.next_code ?? null,
      endsAt: Date.parse(item.expires_at),
      unseen,
      due: false,
    }
  const step = account.period * 1000
  if (item.error_code === 'STEP_USED') return { kind: 'waits', until: (Math.floor(now / step) + 1) * step }
  if (item.error_code === 'CODES_USED_UP') return { kind: 'used up' }
  if (item.error_code === 'NOT_FOUND')
    return { kind: 'failed', why: 'You may not use this account any more.', again: Number.POSITIVE_INFINITY }
  return { kind: 'failed', why: item.error ?? 'There is no code.', again: now + 60_000 }
}

/**
 * What is left of it at `now`: a code that has ended is gone at once. Where the next one is known it is the code now, and the
 * server is asked meanwhile, so that nothing flickers.
 */
export function leftOf(shown: Shown, account: Shared, now: number): Shown | undefined {
  if (shown.kind === 'waits') return now < shown.until ? shown : undefined
  if (shown.kind !== 'live' || now < shown.endsAt) return shown
  const endsAt = shown.endsAt + account.period * 1000
  if (shown.next === null || shown.due || shown.unseen || now >= endsAt) return undefined
  return { ...shown, code: shown.next, next: null, endsAt, due: true }
}
