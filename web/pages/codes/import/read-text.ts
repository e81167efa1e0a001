import { readAegis } from './aegis.ts'
import { readBitwarden } from './bitwarden.ts'
import { type Found, listIn, objectIn, Unreadable } from './found.ts'
import { readRecord } from './records.ts'
import { readTwofas } from './twofas.ts'

const unknown =
  'This is nothing that can be read here: neither otpauth:// addresses, nor an export of a known app, nor a CSV with column names.'

/** Of lists of nobody in particular, what they are called when they do not stand by themselves. */
const listNames = ['accounts', 'entries', 'items', 'tokens', 'data'] as const

function readJson(text: string): Found[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new Unreadable('This JSON is cut short or broken; export it again.')
  }
  const file = objectIn(parsed)
  const known = file && (readAegis(file) ?? readTwofas(file) ?? readBitwarden(file))
  if (known) return known
  const list = file ? listNames.map((name) => file[name]).find(Array.isArray) : parsed
  const found = listIn(list).flatMap((one) =>
    typeof one === 'string' ? { uri: one } : (readRecord(objectIn(one) ?? {}) ?? []),
  )
  if (found.length === 0) throw new Unreadable(unknown)
  return found
}

/**
 * Reads what was pasted or a file held: `otpauth://` and `otpauth-migration://` addresses, one on each line; JSON of Aegis, 2FAS,
 * Bitwarden, or a list; CSV. Refuses with `Unreadable`.
 */
export async function readText(given: string): Promise<Found[]> {
  const text = given.replace(/^\uFEFF/, '').trim()
  if (text === '') throw new Unreadable('It is empty.')
  if (/^[[{]/.test(text)) return some(readJson(text))
  const lines = text.split(/[\r\n]+/).flatMap((line) => line.trim() || [])
  if (lines.some((line) => /^otpauth(-migration)?:/i.test(line))) return lines.map((uri) => ({ uri }))
  if (!/[,;\t]/.test(lines[0] ?? '')) throw new Unreadable(unknown)
  const { readCsv } = await import('./csv.ts')
  return some(readCsv(text))
}

function some(found: Found[]): Found[] {
  if (found.length === 0) throw new Unreadable('There is no account with a secret for codes in it.')
  return found
}
