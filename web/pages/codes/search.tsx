import { TextInput } from '@mantine/core'
import { Search, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { visible } from '../../../shared/visible.ts'
import { singleKeys } from '../palette/switch.ts'
import { firstRow } from './list.tsx'
import css from './search.module.css'

type Props = {
  q: string
  put: (q: string) => void
  tags: readonly string[]
  tag: string | undefined
  pick: (tag: string | undefined) => void
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Whether this key begins a search: one character, typed where nothing else takes it. */
function beginsSearch(event: KeyboardEvent): boolean {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false
  // The keys of buttons, of the help sheet, and of the search itself are what they are elsewhere.
  if (/[ ?/]/.test(event.key) || !singleKeys() || isTyping(event.target)) return false
  return !document.querySelector('[role="dialog"], [role="menu"], dialog[open]')
}

/** Search as one types, anywhere on the page; Escape clears it. Below it the tags. */
export function CodesSearch({ q, put, tags, tag, pick }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const clear = useRef(() => {})
  clear.current = () => {
    put('')
    pick(undefined)
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (beginsSearch(event)) {
        // The letter lands in the field, and is no command for the rest of the page.
        event.stopPropagation()
        field.current?.focus()
      } else if (event.key === 'Escape' && !document.querySelector('[role="dialog"], [role="menu"], dialog[open]'))
        clear.current()
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [])
  return (
    <search className={css.search}>
      <TextInput
        ref={field}
        label="Search"
        description="Type anywhere on this page. Enter copies the code of the first that is found."
        type="search"
        size="sm"
        leftSection={<Search aria-hidden size={16} />}
        value={q}
        data-search
        onChange={(event) => put(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault()
            firstRow()?.focus()
          } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            event.preventDefault()
            const { ctrlKey, metaKey } = event
            firstRow()?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey }))
          }
        }}
      />
      {tags.length > 0 && (
        <ul className={css.tags} aria-label="Tags">
          {tags.map((one) => (
            <li key={one}>
              <button
                type="button"
                className={css.tag}
                aria-pressed={one === tag}
                onClick={() => pick(one === tag ? undefined : one)}
              >
                {visible(one)}
                {one === tag && <X aria-hidden size={14} />}
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  )
}
