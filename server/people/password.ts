import { hash, verify } from '@node-rs/argon2'
import { refuse } from '../../shared/errors.ts'
import { password as shape } from '../../shared/people.ts'
import { commonPasswords, commonWords } from './common-passwords.ts'

/** argon2id as OWASP's password storage sheet sets it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes a password: some 20 ms of a core, on purpose. The same letters typed on another system are the same password. */
export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFC'), cost)

/** Whether `password` is the one that was hashed; the comparison inside is constant in time. */
export const checkPassword = (hashed: string, password: string): Promise<boolean> =>
  verify(hashed, password.normalize('NFC'))

const letterOf: Record<string, string> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
}

/** Without disguise: lower case, and letters for the digits and signs that stand for them. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[@4310$57!]/g, (sign) => letterOf[sign] ?? sign)

/** Rows that fingers walk along. */
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb']

const steps = new Set(
  rows.flatMap((row) => [...row].slice(1).flatMap((next, at) => [`${row[at]}${next}`, `${next}${row[at]}`])),
)

/** True when most of it walks along a row, or it repeats one character or a short piece. */
function isPattern(low: string): boolean {
  if (new Set(low).size <= 3 || /^(.{1,6}?)\1+.{0,4}$/.test(low)) return true
  const walked = [...low].slice(1).filter((next, at) => low[at] === next || steps.has(`${low[at]}${next}`))
  return walked.length >= (low.length - 1) * 0.7
}

/** Letters and digits only, undisguised. */
const bare = (text: string): string => plain(text).replaceAll(/[^\p{L}\p{N}]/gu, '')

/** True when `word` is in it and little more: what is left is all that a guesser has to guess. */
function isMostly(low: string, word: string): boolean {
  const [readable, hidden] = [bare(low), bare(word)]
  return hidden.length >= 4 && readable.includes(hidden) && readable.replaceAll(hidden, '').length <= 8
}

/** True for one common word or two, with padding around and between. */
function isPaddedWord(low: string): boolean {
  const core = plain(low.replaceAll(/^[^a-z@$]+|[^a-z]+$/g, '')).replaceAll(/[^a-z]/g, '')
  if (commonWords.has(core)) return true
  return [...core].some((_, at) => commonWords.has(core.slice(0, at)) && commonWords.has(core.slice(at)))
}

const advice = 'take three or four words that have nothing to do with each other.'

/** What is wrong with a password, as a sentence that helps; undefined when nothing is. `email` is whose it will be. */
export function faultOfPassword(password: string, email: string): string | undefined {
  const low = password.toLowerCase()
  const [name = ''] = email.toLowerCase().split('@')
  if (isPattern(low)) return `This password is a repetition or a row of keys; ${advice}`
  if ([name, ...name.split(/[^a-z0-9]+/), email.toLowerCase()].some((word) => isMostly(low, word)))
    return `This password is mostly your e-mail address; ${advice}`
  if (isMostly(low, 'countersign')) return `This password is mostly the name of this service; ${advice}`
  if (commonPasswords.has(low) || isPaddedWord(low))
    return `This password is among the first that guessers try; ${advice}`
  return undefined
}

/**
 * Refuses a password that the policy does not take: 12 to 200 characters, and none that is guessed early (ASVS 6.2,
 * NIST SP 800-63B). The one gate of every place where a password is set.
 */
export function mustBeGoodPassword(password: string, email: string, field = 'password'): void {
  const read = shape.safeParse(password)
  const message = read.success ? faultOfPassword(password, email) : read.error.issues[0]?.message
  if (message !== undefined) refuse('INVALID_INPUT', { sentence: message, issues: [{ path: field, message }] })
}
