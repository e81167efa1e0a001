import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBlocks } from '../../web/parts/markdown-blocks.ts'
import { type Inline, parseInline } from '../../web/parts/markdown-inline.ts'
import { payloads } from '../pages/payloads.ts'

const text = (value: string) => ({ kind: 'text', text: value })

/** All that can be read of a run, marks taken off. */
const words = (parts: readonly Inline[]): string =>
  parts.map((part) => ('text' in part ? part.text : part.kind === 'break' ? '\n' : words(part.inside))).join('')

const links = (parts: readonly Inline[]): string[] =>
  parts.flatMap((part) => (part.kind === 'link' ? [part.href] : 'inside' in part ? links(part.inside) : []))

test('bold, italic and code are read, nested too', () => {
  expect(parseInline('a **b *c* d** `e*f*`')).toEqual([
    text('a '),
    { kind: 'strong', inside: [text('b '), { kind: 'em', inside: [text('c')] }, text(' d')] },
    text(' '),
    { kind: 'code', text: 'e*f*' },
  ])
})

test('stars that mark nothing, snake_case and escapes stay text', () => {
  for (const source of ['2 * 3 * 4', 'snake_case_name', '**', '* a', 'a ** b', '`open', '[a](b', '# no heading'])
    expect(words(parseInline(source))).toBe(source)
  expect(parseInline('\\*a\\*')).toEqual([text('*a*')])
})

test('links show where they lead, bare addresses too, without the full stop behind them', () => {
  expect(parseInline('see [the notes](https://example.com/a_(b)).')).toEqual([
    text('see '),
    { kind: 'link', href: 'https://example.com/a_(b)', host: 'example.com', inside: [text('the notes')] },
    text('.'),
  ])
  expect(parseInline('(https://example.com/x).')).toEqual([
    text('('),
    { kind: 'link', href: 'https://example.com/x', host: 'example.com', inside: [text('https://example.com/x')] },
    text(').'),
  ])
})

test('a host of look-alike letters is shown as it is registered', () => {
  const [link] = parseInline('[bank](https://bаnk.example/)')
  expect(link).toMatchObject({ host: 'xn--bnk-6cd.example' })
})

test('paragraphs, line breaks, lists and code blocks are read', () => {
  expect(parseBlocks('a\nb\n\n- one\n- two\n  more\n\n3. three\n4. four\n\n```sh\n**x**\n```\nend')).toEqual([
    { kind: 'paragraph', inside: [text('a'), { kind: 'break' }, text('b')] },
    { kind: 'list', ordered: false, start: 1, items: [[text('one')], [text('two'), { kind: 'break' }, text('more')]] },
    { kind: 'list', ordered: true, start: 3, items: [[text('three')], [text('four')]] },
    { kind: 'code', text: '**x**' },
    { kind: 'paragraph', inside: [text('end')] },
  ])
})

test('no payload becomes a link that is not http', () => {
  for (const payload of payloads) {
    const parts = parseInline(payload)
    for (const href of links(parts)) expect(href).toMatch(/^https?:\/\/[^@]*$/)
  }
})

test('any text is read without a fault and never as another kind of link', () => {
  const piece = fc.constantFrom(
    '*',
    '**',
    '`',
    '[',
    ']',
    '(',
    ')',
    '\\',
    '\n',
    '- ',
    '1. ',
    '```',
    'a',
    ' ',
    'https://',
    'x.y',
    '<',
    '_',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      for (const block of parseBlocks(pieces.join('')))
        if (block.kind === 'paragraph') for (const href of links(block.inside)) expect(href).toMatch(/^https?:\/\//)
    }),
    { numRuns: 2000 },
  )
})

test('4 000 characters of the worst kind are read to the end (a reader that backtracks would not finish)', () => {
  for (const part of ['*', '**', '`', '[', '\\', '*a ', '**a']) {
    const source = part.repeat(4000 / part.length)
    expect(words(parseInline(source)).length).toBeGreaterThan(0)
  }
  expect(links(parseInline('[a](https://a.b)'.repeat(250)))).toHaveLength(250)
})
