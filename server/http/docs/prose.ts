import { type Html, html } from '../html.ts'

/** One line of the document's Markdown: code and emphasis. */
export const inline = (text: string): Html[] =>
  text.split(/(`[^`]+`|\*[^*]+\*)/).map((part) => {
    if (/^`.+`$/.test(part)) return html`<code>${part.slice(1, -1)}</code>`
    return /^\*.+\*$/.test(part) ? html`<em>${part.slice(1, -1)}</em>` : html`${part}`
  })

/** The Markdown that our document uses: paragraphs, second-level headings and lists. */
export const prose = (text: string): Html[] =>
  text.split(/\n{2,}/).map((block) => {
    if (block.startsWith('## ')) return html`<h2>${inline(block.slice(3))}</h2>`
    const lines = block.split('\n')
    if (!lines.every((line) => line.startsWith('- '))) return html`<p>${inline(block)}</p>`
    return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`
  })
