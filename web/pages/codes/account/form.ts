import type { Algorithm } from '../../../../shared/totp.ts'
import type { Account } from './account.ts'

/** An account as its form holds it. `period`: seconds, NaN while the field is empty; `seed`: as it was typed. */
export type AccountForm = {
  name: string
  issuer: string
  seed: string
  tags: readonly string[]
  algorithm: Algorithm
  digits: number
  period: number
}

export const newAccountForm: AccountForm = {
  name: '',
  issuer: '',
  seed: '',
  tags: [],
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
}

/** The form of an account that is there; its seed is never read, only replaced. */
export const formOf = ({ name, issuer, tags, algorithm, digits, period }: Account): AccountForm => ({
  ...{ name, issuer, tags, algorithm, digits, period },
  seed: '',
})

/** What is sent for a new account. */
export const inputOf = ({ seed, tags, ...rest }: AccountForm) => ({ ...rest, tags: [...tags], secret: seed })

/** What is sent for a change: the fields that differ from what was there, and a seed if one was typed. */
export function changesOf(form: AccountForm, before: Account) {
  const { secret, tags, ...rest } = inputOf(form)
  const fields = Object.entries(rest).filter(([name, value]) => value !== before[name as keyof typeof rest]) // its own keys
  return {
    ...Object.fromEntries(fields),
    ...(tags.join() === before.tags.join() ? {} : { tags }),
    ...(secret.trim() === '' ? {} : { secret }),
  }
}

/** True for what a QR code holds, instead of a bare seed. */
export const isUri = (text: string): boolean => /^\s*otpauth[a-z-]*:/i.test(text)

/** What an `otpauth://` address says of an account, or why it says nothing. Its rules are loaded with the first one. */
export async function readUri(uri: string): Promise<{ form: Omit<AccountForm, 'tags'> } | { fault: string }> {
  if (/^\s*otpauth-migration:/i.test(uri)) return { fault: 'This holds several accounts: bring them in under Import.' }
  const { parseOtpauth } = await import('../../../../shared/otpauth.ts')
  const read = parseOtpauth(uri)
  if ('fault' in read) return read
  const { secret, ...rest } = read
  return { form: { ...rest, seed: secret } }
}
