import { visible } from '../../shared/visible.ts'

/** Markup that is known to be safe: written here, with every text put into it escaped. */
export type Html = { readonly markup: string }

type Part = Html | string | number | false | null | undefined | readonly Html[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string) => visible(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

function markupOf(part: Part): string {
  if (part === false || part === null || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'markup' in part ? part.markup : part.map(markupOf).join('')
}

/** A template whose parts are text unless they are Html themselves; `false`, `null` and `undefined` are nothing. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html => ({
  markup: strings.map((string, at) => string + markupOf(parts[at])).join(''),
})
