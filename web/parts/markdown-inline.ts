/** A run of text as the page draws it. Every leaf is plain text; nothing here is ever read as HTML. */
export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'break' }
  | { kind: 'strong' | 'em'; inside: Inline[] }
  | { kind: 'link'; href: string; host: string; inside: Inline[] }

const plain = /[^\\`*[\n]+?(?=[\\`*[\n]|\bhttps?:\/\/|$)/y
const escaped = /\\([\\`*_[\](){}#+.!>-])/y
const code = /`([^`\n]+)`/y
const link = /\[([^[\]\n]{1,300})\]\(([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)/y
const bare = /https?:\/\/[^\s<>"'`*[\]]+/y
const deepest = 4

/** Reads bold, italic, code, links and line breaks. What does not match is text. */
export function parseInline(source: string, depth = 0, links = true): Inline[] {
  const out: Inline[] = []
  let at = 0
  const text = (piece: string) => {
    const last = out.at(-1)
    if (last?.kind === 'text') last.text += piece
    else out.push({ kind: 'text', text: piece })
    at += piece.length
  }
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  while (at < source.length) {
    let found = match(escaped)
    if (found) {
      text(found[1] ?? '')
      at += 1
      continue
    }
    found = match(code)
    if (found) {
      out.push({ kind: 'code', text: found[1] ?? '' })
      at += found[0].length
      continue
    }
    const target = links ? linkAt(match, depth) : undefined
    if (target) {
      out.push(target.link)
      at += target.length
      continue
    }
    const mark = depth < deepest ? emphasisAt(source, at) : undefined
    if (mark) {
      const inside = parseInline(source.slice(at + mark.size, mark.end), depth + 1, links)
      out.push({ kind: mark.size === 2 ? 'strong' : 'em', inside })
      at = mark.end + mark.size
      continue
    }
    if (source[at] === '\n') {
      out.push({ kind: 'break' })
      at += 1
      continue
    }
    text(match(plain)?.[0] ?? source.slice(at, at + 1))
  }
  return out
}

type Match = (pattern: RegExp) => RegExpExecArray | null

function linkAt(match: Match, depth: number): { link: Inline; length: number } | undefined {
  const named = match(link)
  if (named) {
    const url = webUrl(named[2] ?? '')
    const inside = () => parseInline(named[1] ?? '', depth + 1, false)
    return url && { link: { kind: 'link', href: url.href, host: url.host, inside: inside() }, length: named[0].length }
  }
  const found = match(bare)?.[0].replace(/[.,;:!?)]+$/, '')
  const url = found && webUrl(found)
  return url
    ? {
        link: { kind: 'link', href: url.href, host: url.host, inside: [{ kind: 'text', text: found }] },
        length: found.length,
      }
    : undefined
}

/** Only http(s) without a user name: `https://bank.example@evil.example` is the oldest trick there is. */
function webUrl(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.username === '' && url.password === '' ? url : undefined
}

/** `**bold**` or `*italic*` that opens at `at`: where it closes. Blanks just inside the marks make them plain stars. */
function emphasisAt(source: string, at: number): { size: 1 | 2; end: number } | undefined {
  if (source[at] !== '*') return undefined
  const size = source[at + 1] === '*' ? 2 : 1
  const mark = '*'.repeat(size)
  for (let end = source.indexOf(mark, at + size); end !== -1; end = source.indexOf(mark, end + 1)) {
    if (size === 1 && (source[end + 1] === '*' || source[end - 1] === '*')) continue
    const inside = source.slice(at + size, end)
    if (inside.includes('\n\n')) return undefined
    if (inside !== '' && inside === inside.trim()) return { size, end }
  }
  return undefined
}
