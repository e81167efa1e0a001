import { parseBlocks } from './markdown-blocks.ts'
import type { Inline } from './markdown-inline.ts'

const wordsOf = (part: Inline): string => {
  if (part.kind === 'break') return ' '
  return 'text' in part ? part.text : part.inside.map(wordsOf).join('')
}

const all = (inside: readonly Inline[]): string => inside.map(wordsOf).join('')

/** A caller's Markdown in one line without its marks, for where only its beginning is shown. */
export const plainOf = (text: string): string =>
  parseBlocks(text)
    .map((block) => {
      if (block.kind === 'code') return block.text
      return block.kind === 'paragraph' ? all(block.inside) : block.items.map(all).join(', ')
    })
    .join(' · ')
