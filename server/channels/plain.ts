import { visible } from '../../shared/visible.ts'

/** Text of at most `max` characters, cut with an ellipsis; never in the middle of one. */
export function cut(text: string, max: number): string {
  const letters = [...text]
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : text
}

/** Somebody else's text as one line in which nothing is hidden: direction overrides and the like are shown. */
export const line = (text: string, max: number): string => cut(visible(text).replace(/\s+/gu, ' ').trim(), max)

/** The same with its line breaks, at most 20 of them. */
export const lines = (text: string, max: number): string =>
  cut(
    visible(text)
      .split('\n')
      .map((one) => one.replace(/\s+/gu, ' ').trimEnd())
      .slice(0, 20)
      .join('\n')
      .trim(),
    max,
  )

/**
 * Text in which a chat finds no link, no mention, no channel and no `:emoji:`: word joiners, which nobody sees, stand where such
 * words would begin or go on. Whoever asks for an approval must not be able to send people elsewhere, or to call everybody.
 */
export const inert = (text: string): string =>
  text.replace(/[@#<](?=\S)|(?<=\S)\.(?=\S)|(?<!\d):(?=\S)|:(?=[^\s\d])/g, '$&\u2060')

/** Characters that mean something in Markdown, each behind a backslash; also at the beginning of a line. */
export const unmarked = (text: string): string =>
  inert(text)
    .replace(/[\\`*_~|<>[\](){}]/g, '\\$&')
    .replace(/^(\s*)([-+#]|\d+\.)/gm, '$1\\$2')
