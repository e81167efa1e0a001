import { type Inline, parseInline } from './markdown-inline.ts'

export type Block =
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'list'; ordered: boolean; start: number; items: Inline[][] }

const fence = /^\s{0,3}(```+|~~~+)/
const bullet = /^\s{0,8}[-*+]\s+(.*)$/
const numbered = /^\s{0,8}(\d{1,9})[.)]\s+(.*)$/

/** Reads paragraphs, code blocks and flat lists. Headings, tables, images and HTML are not in the subset: text. */
export function parseBlocks(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n')
  const out: Block[] = []
  let paragraph: string[] = []
  const close = () => {
    if (paragraph.length > 0) out.push({ kind: 'paragraph', inside: parseInline(paragraph.join('\n')) })
    paragraph = []
  }
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const opened = fence.exec(line)?.[1]
    if (opened) {
      close()
      const body: string[] = []
      for (at += 1; at < lines.length && !lines[at]?.trim().startsWith(opened); at += 1) body.push(lines[at] ?? '')
      out.push({ kind: 'code', text: body.join('\n') })
    } else if (line.trim() === '') close()
    else if (itemOf(line)) {
      close()
      at = readList(lines, at, out)
    } else paragraph.push(line.trim())
  }
  close()
  return out
}

function itemOf(line: string): { ordered: boolean; start: number; text: string } | undefined {
  const number = numbered.exec(line)
  if (number) return { ordered: true, start: Number(number[1]), text: number[2] ?? '' }
  const point = bullet.exec(line)
  return point ? { ordered: false, start: 1, text: point[1] ?? '' } : undefined
}

/** Reads the list that begins at `from`; returns the index of its last line. */
function readList(lines: readonly string[], from: number, out: Block[]): number {
  const first = itemOf(lines[from] ?? '')
  if (!first) return from
  const items: string[] = []
  let at = from
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const item = itemOf(line)
    if (item && item.ordered === first.ordered) items.push(item.text)
    else if (!item && line.trim() !== '' && /^\s{2,}/.test(line)) items[items.length - 1] += `\n${line.trim()}`
    else break
  }
  out.push({ kind: 'list', ordered: first.ordered, start: first.start, items: items.map((text) => parseInline(text)) })
  return at - 1
}
