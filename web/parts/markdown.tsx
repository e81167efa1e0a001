import { Fragment } from 'react'
import { visible } from '../../shared/visible.ts'
import css from './markdown.module.css'
import { type Block, parseBlocks } from './markdown-blocks.ts'
import type { Inline } from './markdown-inline.ts'

/** A caller's text in the Markdown subset, drawn as elements; HTML and images in it are shown as text. */
export function Markdown({ text, className = '' }: { text: string; className?: string | undefined }) {
  return <div className={`${css.text} ${className}`}>{keyed(parseBlocks(visible(text)), drawBlock)}</div>
}

/** The text never changes under the reader, so a place in it is a good key. */
const keyed = <Part,>(parts: readonly Part[], draw: (part: Part) => React.ReactNode) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: see above
  parts.map((part, at) => <Fragment key={at}>{draw(part)}</Fragment>)

function drawBlock(block: Block) {
  if (block.kind === 'paragraph') return <p>{keyed(block.inside, drawInline)}</p>
  if (block.kind === 'code')
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1)
      <pre tabIndex={0}>
        <code>{block.text}</code>
      </pre>
    )
  const items = keyed(block.items, (item) => <li>{keyed(item, drawInline)}</li>)
  return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>
}

function drawInline(part: Inline): React.ReactNode {
  if (part.kind === 'break') return <br />
  if ('text' in part) return part.kind === 'code' ? <code>{part.text}</code> : part.text
  const inside = keyed(part.inside, drawInline)
  if (!('href' in part)) return part.kind === 'strong' ? <strong>{inside}</strong> : <em>{inside}</em>
  return (
    <>
      <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {inside}
      </a>{' '}
      <span className={css.host}>({part.host})</span>
    </>
  )
}
