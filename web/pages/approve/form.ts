import type { Filled } from './answer.ts'
import type { Opened } from './reading.ts'

export type Entered = { pin: string; comment: string; match_number: string }

export const emptyForm: Entered = { pin: '', comment: '', match_number: '' }

type Needs = Omit<Opened['needs'], 'sign_in' | 'passkey'> & { sign_in?: boolean; passkey?: boolean }

/** What is still missing or malformed: field → sentence, in the order of the fields on the page. */
export function faultsIn(entered: Entered, needs: Needs): Partial<Entered> {
  const faults: Partial<Entered> = {}
  if (needs.match_number && !/^\d{3}$/.test(entered.match_number))
    faults.match_number = 'Enter the three digits that the requester shows.'
  if (needs.pin && !/^\d{4,12}$/.test(entered.pin)) faults.pin = 'Enter the PIN: 4 to 12 digits.'
  if (needs.comment === 'required' && entered.comment.trim() === '') faults.comment = 'Say why; a comment is required.'
  return faults
}

/** What is sent beside the action: only what this approval asks for or takes. */
export function filledFrom(entered: Entered, needs: Needs): Filled {
  const comment = needs.comment === 'off' ? '' : entered.comment.trim()
  return {
    ...(needs.pin ? { pin: entered.pin } : {}),
    ...(needs.match_number ? { match_number: entered.match_number } : {}),
    ...(comment === '' ? {} : { comment }),
  }
}

/** Digits of what was typed or pasted: codes are often copied with blanks or dashes. */
export const digitsOf = (text: string, most: number): string => text.replace(/\D/g, '').slice(0, most)
