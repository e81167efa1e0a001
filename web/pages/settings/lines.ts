/** One entry of a list that is written one per line, and the line it stands on (from 1). */
export type Line = { entry: string; number: number }

/** The entries of a text, without blank lines. */
export const linesOf = (text: string): Line[] =>
  text
    .split(/\r?\n/)
    .map((line, place) => ({ entry: line.trim(), number: place + 1 }))
    .filter(({ entry }) => entry !== '')
