/** Characters that break a line or turn the direction of writing: a name must not be able to end a header or disguise itself. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/** A text of somebody else's as one line of at most `max` characters. */
export function oneLine(text: string, max = 120): string {
  const line = text.replace(unseen, ' ').replace(/\s+/g, ' ').trim()
  const letters = [...line]
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : line
}

/** A name as one line in which mail clients find no link: whoever invites must not be able to send people elsewhere. */
export const asName = (text: string): string => oneLine(text, 100).replace(/(?<=\S)[.@:/](?=\S)/g, '$&\u2060')

const lines = /\r\n?|[\u2028\u2029]/g

/** A longer text of somebody else's, its line breaks kept. */
export function asText(text: string, max = 1500): string {
  const clean = text
    .replace(lines, '\n')
    .replace(/[^\P{C}\n]/gu, '')
    .trim()
  return clean.length > max ? `${clean.slice(0, max).trimEnd()}…` : clean
}

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' })

/** An instant for a reader whose zone nobody knows: `Monday 30 November 2026 at 14:05 UTC`. */
export const asTime = (iso: string): string => `${date.format(new Date(iso))} UTC`
