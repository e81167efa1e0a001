import { InvalidArgumentError } from 'commander'
import { tag } from '../../shared/contract/account.ts'
import { approver, email } from '../../shared/people.ts'
import {
  type Logging,
  loggings,
  type Preset,
  presets,
  type Scope,
  scopes,
  type Transport,
  transports,
} from '../../shared/scopes.ts'
import { keyPath, text } from '../../shared/words.ts'
import { parseAllowlist } from '../lib/allowlist.ts'
import { faultOfName } from '../projects/project.ts'

/** How the command line reads its words; a word that does not fit is a usage fault (exit code 2). */

const secondsPer: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `90d`, `12h`, `30m`, `45s`, `2w` as seconds; NaN for anything else. */
function secondsIn(word: string): number {
  const [, count, unit = ''] = /^(0|[1-9]\d{0,9})([smhdw])$/.exec(word) ?? []
  return Number(count) * (secondsPer[unit] ?? Number.NaN)
}

/** A lifetime in seconds; one minute to ten years. */
export function lifetime(word: string): number {
  const seconds = secondsIn(word)
  if (seconds >= 60 && seconds <= 3650 * 86_400) return seconds
  throw new InvalidArgumentError('It is a number with s, m, h, d or w, from 60s to 3650d.')
}

/** How long a rotated key works on, in seconds; at most seven days. */
export function graceTime(word: string): number {
  const seconds = secondsIn(word)
  if (seconds >= 0 && seconds <= 7 * 86_400) return seconds
  throw new InvalidArgumentError('It is a number with s, m, h or d, from 0s to 7d.')
}

/** Time to decide, in seconds, as the API takes it. */
export function decideTime(word: string): number {
  const seconds = secondsIn(word)
  if (seconds >= 10 && seconds <= 30 * 86_400) return seconds
  throw new InvalidArgumentError('It is a number with s, m, h, d or w, from 10s to 30d.')
}

/** How long a secret may be read, in seconds. */
export function secretTime(word: string): number {
  const seconds = secondsIn(word)
  if (seconds >= 60 && seconds <= 30 * 86_400) return seconds
  throw new InvalidArgumentError('It is a number with s, m, h, d or w, from 60s to 30d.')
}

/** How long a command waits, in seconds; no timer takes more than 24 days. */
export function waitTime(word: string): number {
  const seconds = secondsIn(word)
  if (seconds >= 1 && seconds <= 24 * 86_400) return seconds
  throw new InvalidArgumentError('It is a number with s, m, h, d or w, from 1s to 24d.')
}

const list = (word: string) => word.split(',').map((part) => part.trim())

/** One more word of an option that may be given again. */
export const several = <Word>(word: Word, before: Word[] = []): Word[] => [...before, word]

/** `2 of ana@example.com, ben@example.com, role:ADMIN`: one more group of people, of whom so many must agree; `1 of` may be left out. */
export function approverGroup(word: string, before: ApproverWords[] = []): ApproverWords[] {
  const [, count = '1', names = ''] = /^\s*(?:(\d{1,2})\s+of\s+)?(.*)$/is.exec(word) ?? []
  const read = list(names).map((name) => approver.safeParse(name))
  const required = Number(count)
  const any_of = read.flatMap(({ data }) => (data === undefined ? [] : [data]))
  if (any_of.length === read.length && required >= 1 && required <= 10) return [...before, { any_of, required }]
  throw new InvalidArgumentError('It is e.g. "2 of ana@example.com, ben@example.com, role:ADMIN"; 1 to 10 of them.')
}

export type ApproverWords = { any_of: string[]; required: number }

/** Ways the key may arrive. */
export function transportList(word: string): Transport[] {
  const known = transports.filter((transport) => list(word).includes(transport))
  if (known.length === new Set(list(word)).size) return known
  throw new InvalidArgumentError(`It takes ${transports.join(', ')}, split by commas.`)
}

/** Scopes of a key. */
export function scopeList(word: string): Scope[] {
  const known = scopes.filter((scope) => list(word).includes(scope))
  if (known.length === new Set(list(word)).size) return known
  throw new InvalidArgumentError(`It takes ${scopes.join(', ')}, split by commas.`)
}

/** Key-path prefixes, with or without a slash at the end. */
export function keyPathList(word: string): string[] {
  return list(word).map((part) => {
    const read = keyPath.safeParse(part.replace(/\/$/, ''))
    if (read.success) return read.data
    throw new InvalidArgumentError(read.error.issues[0]?.message ?? 'It takes key paths, split by commas.')
  })
}

/** One more tag of TOTP accounts, each once. */
export function accountTags(word: string, before: string[] = []): string[] {
  const read = tag.safeParse(word)
  if (read.success) return [...new Set([...before, read.data])]
  throw new InvalidArgumentError(read.error.issues[0]?.message ?? 'It takes a tag.')
}

/** One of the presets. */
export function presetName(word: string): Preset {
  if (Object.hasOwn(presets, word)) return word as Preset // just proved
  throw new InvalidArgumentError(`It is one of ${Object.keys(presets).join(', ')}.`)
}

/** Addresses and networks, split by commas. */
export function addressList(word: string): string[] {
  const { networks, issues } = parseAllowlist(list(word))
  if (networks) return networks
  throw new InvalidArgumentError(issues[0]?.message ?? 'It takes addresses and networks, split by commas.')
}

/** Which bodies the access log keeps. */
export function loggingName(word: string): Logging {
  const found = loggings.find((one) => one === word)
  if (found) return found
  throw new InvalidArgumentError(`It is one of ${loggings.join(', ')}.`)
}

function someText(word: string, most: number): string {
  if (text(most).min(1).safeParse(word.trim()).success) return word.trim()
  throw new InvalidArgumentError(`It takes 1 to ${most} bytes.`)
}

/** A name for people, at most 100 bytes. */
export const label = (word: string): string => someText(word, 100)

/** An agent's name, at most 255 bytes. */
export const agentName = (word: string): string => someText(word, 255)

/** A description for people, at most 1000 bytes. */
export const longLabel = (word: string): string => someText(word, 1000)

/** A project's name. */
export function projectName(word: string): string {
  const fault = faultOfName(word)
  if (fault) throw new InvalidArgumentError(fault)
  return word
}

/** An e-mail address, as it is stored. */
export function emailAddress(word: string): string {
  const read = email.safeParse(word)
  if (read.success) return read.data
  throw new InvalidArgumentError(read.error.issues[0]?.message ?? 'It is an e-mail address.')
}

/** How many of something are kept; at least one. */
export function fewest(word: string): number {
  if (/^[1-9]\d{0,4}$/.test(word)) return Number(word)
  throw new InvalidArgumentError('It is a number from 1 to 99999.')
}
