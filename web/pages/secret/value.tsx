import { Check, Copy, Download, Eye, EyeOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { takenWords, useTake } from '../../parts/clipboard.ts'
import { save, sizeOf } from '../../parts/save.ts'
import { Announce } from '../../ui/announce.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice, Row } from '../../ui/sheet.tsx'
import css from './secret.module.css'

/** True while it is to be seen; a tab that is hidden hides it at once. */
function useShown() {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const hide = () => document.visibilityState === 'hidden' && setShown(false)
    document.addEventListener('visibilitychange', hide)
    return () => document.removeEventListener('visibilitychange', hide)
  }, [])
  return [shown, setShown] as const
}

/** The text of a secret: not in the page until it is shown, and then to the byte as it was given. */
export function Value({ text }: { text: string }) {
  const [shown, setShown] = useShown()
  const box = useRef<HTMLPreElement>(null)
  const { state, take } = useTake(text, box)
  const refused = state === 'refused'
  useEffect(() => {
    // A refused clipboard is made up for by a selection, of which there is nothing while it is hidden.
    if (refused) setShown(true)
    if (refused && shown && box.current) getSelection()?.selectAllChildren(box.current)
  }, [refused, shown, setShown])
  const bytes = new TextEncoder().encode(text).length
  const lines = text.split('\n').length
  return (
    <section aria-label="The secret" className={css.value}>
      {shown ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1)
        <pre ref={box} tabIndex={0} className={css.text}>
          {text}
        </pre>
      ) : (
        <p className={css.text}>
          <span aria-hidden="true">••••••••••••</span>
          <span className="unseen">Hidden.</span>
        </p>
      )}
      <p className={css.facts}>
        {sizeOf(bytes)}
        {lines > 1 && `, ${lines} lines`}
      </p>
      {visible(text) !== text.replace(/\r\n?/g, '\n') && (
        <Notice warn>It holds characters that cannot be seen. Copy or download it; do not type it over.</Notice>
      )}
      <Row>
        <Button
          look="primary"
          icon={state === 'copied' ? <Check aria-hidden size={18} /> : <Copy aria-hidden size={18} />}
          onClick={take}
        >
          {state === 'copied' ? 'Copied' : refused ? 'Selected' : 'Copy'}
        </Button>
        <Button
          icon={shown ? <EyeOff aria-hidden size={18} /> : <Eye aria-hidden size={18} />}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </Button>
        <Button
          icon={<Download aria-hidden size={18} />}
          onClick={() => save(new Blob([text], { type: 'text/plain;charset=utf-8' }), 'secret.txt')}
        >
          Download
        </Button>
      </Row>
      <Announce text={takenWords[state]} />
    </section>
  )
}
