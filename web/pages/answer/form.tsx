import { MessageSquareLock, Send } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { mostBytes } from '../../../shared/secret-bounds.ts'
import { visible } from '../../../shared/visible.ts'
import { useArmed } from '../../parts/armed.ts'
import { useServerNow } from '../../parts/clock.ts'
import { useLeft } from '../../parts/left.ts'
import type { Seen } from '../../parts/look.ts'
import { bytesOf, textFault } from '../../parts/share/wish.ts'
import { Button } from '../../ui/button.tsx'
import { AreaField } from '../../ui/fields.tsx'
import { Notice, Sheet } from '../../ui/sheet.tsx'
import { Stale } from '../../ui/stale.tsx'
import { Until } from '../../ui/until.tsx'
import css from './answer.module.css'
import type { Giving } from './giving.ts'
import type { Ask } from './reading.ts'
import { kinds, said } from './words.ts'

type Props = { seen: Seen<Ask>; stale: boolean; giving: Giving; give: (text: string) => void }

const count = new Intl.NumberFormat('en')

/** What is asked for, by whom, and one field for it. */
export function AnswerForm({ seen, stale, giving, give }: Props) {
  const { data: ask } = seen
  const now = useServerNow(seen.offset)
  const armed = useArmed()
  const [text, setText] = useState('')
  const [missing, setMissing] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useLeft(() => setText(''))
  const sending = giving.at === 'sending'
  const fault = giving.at === 'open' ? giving.fault : undefined
  const over = Date.parse(ask.expires_at) <= now
  const wrong = missing && text === '' ? 'Enter the secret.' : textFault(text)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!armed() || sending || over) return
    setMissing(text === '')
    if (text === '' || wrong) form.current?.querySelector('textarea')?.focus()
    else give(text)
  }

  return (
    <Sheet icon={MessageSquareLock} headline={visible(ask.title)}>
      <p className={css.who}>
        <strong>{visible(ask.asked_by.name)}</strong> ({kinds[ask.asked_by.type]}) in project{' '}
        <strong>{visible(ask.project)}</strong> asks you for this.
      </p>
      {ask.note && <p className={css.note}>{visible(ask.note)}</p>}
      <Until what="Can be answered until" end={ask.expires_at} now={now} />
      <form ref={form} className={css.form} onSubmit={submit} noValidate aria-label="Your answer">
        <AreaField
          exact
          label="The secret"
          rows={4}
          value={text}
          put={setText}
          error={wrong}
          description={`${count.format(bytesOf(text))} of ${count.format(mostBytes)} bytes`}
        />
        <Notice>
          It is sealed for who asked: they can read it once, and nobody else can. You cannot read it back.
          {ask.encrypted_by === 'browser' && ' It is encrypted here, before it is sent; this server cannot read it.'}{' '}
          <strong>If you did not expect to be asked, do not answer.</strong>
        </Notice>
        <div role="alert" className={css.alert}>
          {fault && <Notice warn>{said(fault)}</Notice>}
        </div>
        {stale && <Stale readAt={seen.readAt} />}
        <Button type="submit" look="primary" busy={sending} disabled={over} icon={<Send aria-hidden size={18} />}>
          {sending ? 'Sending…' : 'Send the secret'}
        </Button>
      </form>
    </Sheet>
  )
}
