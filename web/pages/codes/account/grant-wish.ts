import type { GrantRole } from '../../../../shared/contract/account.ts'

/** How long access lasts: `forever`, so many minutes, until a date, or by count. */
export type Long = 'forever' | '60' | '1440' | '43200' | 'date' | 'count'

/** A grant as its form holds it. Numbers are NaN while their field is empty. */
export type GrantWish = {
  to: 'person' | 'key'
  email: string
  keyId: string
  role: GrantRole
  long: Long
  /** ISO 8601; empty until a date is chosen. */
  until: string
  codes: number
  minutes: number
}

export const newGrant: GrantWish = {
  to: 'person',
  email: '',
  keyId: '',
  role: 'viewer',
  long: 'forever',
  until: '',
  codes: 3,
  minutes: 30,
}

const endOf = ({ long, until, codes, minutes }: GrantWish) => {
  if (long === 'forever') return {}
  if (long === 'date') return { expires_at: until }
  if (long === 'count') return { codes, minutes }
  return { minutes: Number(long) }
}

/** What is sent. */
export const grantInputOf = (wish: GrantWish) => ({
  action: 'grant' as const,
  ...(wish.to === 'key' ? { key_id: wish.keyId } : { email: wish.email.trim() }),
  // Who gets codes by count cannot give any.
  role: wish.long === 'count' ? ('viewer' as const) : wish.role,
  ...endOf(wish),
})
