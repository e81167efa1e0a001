/** What a seed of one-time passwords looks like. Apart from the schemas, which a form in the browser does not carry. */

export const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const

export type Algorithm = (typeof algorithms)[number]

/** Shortest and longest seed, in bytes. RFC 4226 wants 16; seed 3's own example has 10. */
export const seedBytes = { least: 10, most: 128 } as const

/** What of a base32 text counts: upper case, without blanks, dashes and padding. */
export const bareBase32 = (text: string): string => text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()

const lookAlikes: Readonly<Record<string, string>> = { '0': 'O', '1': 'I or L', '8': 'B' }

/** What is wrong with a seed as somebody typed it, as a sentence that does not repeat it; undefined when nothing is. */
export function faultOfSeed(text: string): string | undefined {
  const bare = bareBase32(text)
  if (bare === '') return 'Must not be empty.'
  const strange = /[^A-Z2-7]/.exec(bare)?.[0]
  const meant = strange && lookAlikes[strange]
  if (meant) return `Must be base32, which has no ${strange}: it may be the letter ${meant}.`
  if (strange) return 'Must be base32: the letters A to Z and the digits 2 to 7.'
  if ([1, 3, 6].includes(bare.length % 8)) return 'Is cut short: base32 never has this many characters.'
  const bytes = Math.floor((bare.length * 5) / 8)
  if (bytes < seedBytes.least) return `Must be at least ${seedBytes.least} bytes, which are 16 characters of base32.`
  if (bytes > seedBytes.most) return `Must be at most ${seedBytes.most} bytes.`
  return undefined
}
