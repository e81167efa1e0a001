/** A link to open in another program; its words are encoded, so nothing in them can be more than text. */
export const uri = (scheme: string, words: Record<string, string>): string =>
  `${scheme}?${Object.entries(words)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`
