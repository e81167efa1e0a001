import { InvalidArgumentError } from 'commander'
import { type Preset, presets, type Transport, transports } from '../../shared/scopes.ts'
import { keyPath, text } from '../../shared/words.ts'
import { faultOfName } from '../projects/project.ts'

/** How the command line reads its words; a word that does not fit is a usage fault (exit code 2). */

const secondsPer: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `90d`, `12h`, `30m`, `45s`, `2w` as seconds; one minute to ten years. */
export function lifetime(word: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,9})([smhdw])$/.exec(word) ?? []
  const seconds = Number(count) * (secondsPer[unit] ?? Number.NaN)
  if (seconds >= 60 && seconds <= 3650 * 86_400) return seconds
  throw new InvalidArgumentError('It is a number with s, m, h, d or w, from 60s to 3650d.')
}

const list = (word: string) => word.split(',').map((part) => part.trim())

/** Ways the key may arrive. */
export function transportList(word: string): Transport[] {
  const known = transports.filter((transport) => list(word).includes(transport))
  if (known.length === new Set(list(word)).size) return known
  throw new InvalidArgumentError(`It takes ${transports.join(', ')}, split by commas.`)
}

/** Key-path prefixes, with or without a slash at the end. */
export function keyPathList(word: string): string[] {
  return list(word).map((part) => {
    const read = keyPath.safeParse(part.replace(/\/$/, ''))
    if (read.success) return read.data
    throw new InvalidArgumentError(read.error.issues[0]?.message ?? 'It takes key paths, split by commas.')
  })
}

/** One of the presets. */
export function presetName(word: string): Preset {
  if (Object.hasOwn(presets, word)) return word as Preset // just proved
  throw new InvalidArgumentError(`It is one of ${Object.keys(presets).join(', ')}.`)
}

/** A name for people, at most 100 bytes. */
export function label(word: string): string {
  if (text(100).min(1).safeParse(word.trim()).success) return word.trim()
  throw new InvalidArgumentError('It takes 1 to 100 bytes.')
}

/** A project's name. */
export function projectName(word: string): string {
  const fault = faultOfName(word)
  if (fault) throw new InvalidArgumentError(fault)
  return word
}
