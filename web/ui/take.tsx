import { Check, Copy, TextSelect } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { takenWords, useTake } from '../parts/clipboard.ts'
import { Announce } from './announce.tsx'
import css from './take.module.css'

const icons = { idle: Copy, copied: Check, refused: TextSelect }

/** Something short to take away, as an id or a path: its text, and a button that copies it and says so. */
export function Take({ text, what, children = text }: { text: string; what: string; children?: ReactNode }) {
  const shown = useRef<HTMLElement>(null)
  const { state, take } = useTake(text, shown)
  const Icon = icons[state]
  return (
    <span className={css.take}>
      <code ref={shown}>{children}</code>
      <button type="button" className={css.button} data-state={state} aria-label={`Copy ${what}`} onClick={take}>
        <Icon aria-hidden size={14} />
      </button>
      <Announce text={takenWords[state]} />
    </span>
  )
}
