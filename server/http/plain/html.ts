/** Text that is markup already. */
export type Html = { readonly markup: string }

type Piece = Html | string | number | undefined | readonly Html[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

function markupOf(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map((one) => one.markup).join('')
}

/** A template whose values are text unless they are markup themselves, so nothing is forgotten to be escaped. */
export const html = (parts: TemplateStringsArray, ...pieces: Piece[]): Html => ({
  markup: parts.reduce((before, part, index) => before + markupOf(pieces[index - 1]) + part),
})
