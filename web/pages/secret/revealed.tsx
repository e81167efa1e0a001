import { Trash2, Unlock } from 'lucide-react'
import { timeLeft } from '../../parts/clock.ts'
import { Announce } from '../../ui/announce.tsx'
import { Button } from '../../ui/button.tsx'
import { Row, Sheet } from '../../ui/sheet.tsx'
import { told } from '../../ui/until.tsx'
import { Attachment } from './attachment.tsx'
import type { Held } from './phase.ts'
import css from './secret.module.css'
import { useStay } from './stay.ts'
import { Value } from './value.tsx'

/** The secret, once: hidden until it is asked for, and gone from the page after a while or when it is left. */
export function RevealedSheet({ held, clear }: { held: Held; clear: () => void }) {
  const { left, longer } = useStay(clear)
  const mark = told.find((seconds) => left <= seconds * 1000)
  return (
    <Sheet icon={Unlock} headline="Here is the secret" title="Opened" swapped>
      <p>It cannot be opened again. Take it to where it belongs before you leave this page.</p>
      {held.text !== '' && <Value text={held.text} />}
      {held.file && <Attachment file={held.file} />}
      <div className={css.stay} data-soon={left <= 60_000 || undefined}>
        <p>
          Cleared from this page in <strong>{timeLeft(left)}</strong>
        </p>
        <Row>
          {left <= 60_000 && <Button onClick={longer}>Keep it 5 more minutes</Button>}
          <Button icon={<Trash2 aria-hidden size={18} />} onClick={clear}>
            Clear now
          </Button>
        </Row>
      </div>
      <Announce text={mark && left > 0 ? `The secret is cleared from this page in ${mark} seconds.` : ''} />
    </Sheet>
  )
}
