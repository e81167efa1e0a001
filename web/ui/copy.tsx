import { Check, Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Announce } from './announce.tsx'
import { Button } from './button.tsx'
import css from './copy.module.css'

type State = 'idle' | 'copied' | 'refused'

/** A line to take away, with a copy button. Where the browser refuses the clipboard the text is selected instead. */
export function CopyLine({ text, what, shown = text }: { text: string; what: string; shown?: string }) {
  const [state, setState] = useState<State>('idle')
  const line = useRef<HTMLElement>(null)
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 2500)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      if (line.current) getSelection()?.selectAllChildren(line.current)
      setState('refused')
    }
  }
  const said = { idle: '', copied: 'Copied.', refused: 'Selected; copy it with your keyboard.' }[state]
  return (
    <div className={css.line}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre tabIndex={0}>
        <code ref={line}>{shown}</code>
      </pre>
      <Button
        aria-label={`Copy ${what}`}
        onClick={() => void copy()}
        icon={state === 'copied' ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
      >
        {state === 'copied' ? 'Copied' : state === 'refused' ? 'Selected' : 'Copy'}
      </Button>
      <Announce text={said} />
    </div>
  )
}
