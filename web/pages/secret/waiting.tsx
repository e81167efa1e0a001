import { LockKeyhole } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useArmed } from '../../parts/armed.ts'
import { timeLeft, useServerNow } from '../../parts/clock.ts'
import { useLeft } from '../../parts/left.ts'
import type { Seen } from '../../parts/look.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, Sheet } from '../../ui/sheet.tsx'
import { Stale } from '../../ui/stale.tsx'
import { Until } from '../../ui/until.tsx'
import { Passphrase } from './passphrase.tsx'
import type { Phase } from './phase.ts'
import type { Opened } from './reading.ts'
import css from './secret.module.css'
import { said } from './words.ts'

type Props = {
  seen: Seen<Opened>
  stale: boolean
  /** Whoever looks made it. */
  mine: boolean
  phase: Extract<Phase, { at: 'sheet' | 'sending' }>
  send: (passphrase: string | undefined) => void
}

const readAnyway = 'Read it anyway and use it up'

/** A secret that can be read: what that means, until when, and the one button that does it. */
export function Waiting({ seen, stale, mine, phase, send }: Props) {
  const { data: opened } = seen
  const now = useServerNow(seen.offset)
  const armed = useArmed()
  const [passphrase, setPassphrase] = useState('')
  const [missing, setMissing] = useState(false)
  useLeft(() => setPassphrase(''))
  const sending = phase.at === 'sending'
  const fault = phase.at === 'sheet' ? phase.fault : undefined
  const wait = fault?.code === 'RATE_LIMITED' ? fault.at + (fault.retryAfter ?? 0) * 1000 - (now - seen.offset) : 0
  const over = Date.parse(opened.expires_at) <= now

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!armed() || sending || over || wait > 0) return
    setMissing(opened.needs_passphrase && passphrase === '')
    if (opened.needs_passphrase && passphrase === '') return
    send(opened.needs_passphrase ? passphrase : undefined)
    // A wrong one is typed anew, and never sent twice by habit.
    setPassphrase('')
  }

  return (
    <Sheet icon={LockKeyhole} headline="A secret is waiting for you">
      <p>
        It opens <strong>once</strong>. After that nobody can open it again: not you, and not whoever sent it.
      </p>
      <Until what="Can be read until" end={opened.expires_at} now={now} />
      {mine && (
        <Notice warn>
          <strong>You made this secret.</strong> If you read it, the recipient cannot.
        </Notice>
      )}
      {opened.encrypted_by === 'browser' && (
        <Notice>
          It is decrypted in your browser, with a key that only this link carries. This server cannot read it.
        </Notice>
      )}
      <form className={css.form} onSubmit={submit} noValidate aria-label="Read the secret">
        {opened.needs_passphrase && (
          <Passphrase
            value={passphrase}
            change={setPassphrase}
            missing={missing && passphrase === ''}
            fault={fault}
            left={opened.tries_left}
          />
        )}
        <p className={css.ready}>
          {opened.file && <strong>A file comes with it. </strong>}
          Make sure you are ready: nobody looks over your shoulder, and you have a place to keep it.
        </p>
        <div role="alert" className={css.alert}>
          {fault && <Said text={said(fault)} />}
        </div>
        <div role="status" className={css.alert}>
          {sending && phase.lost && (
            <Notice>The connection broke. Asking for the same reply again; nothing is lost yet.</Notice>
          )}
        </div>
        {stale && <Stale readAt={seen.readAt} />}
        <Button type="submit" look={mine ? 'danger' : 'primary'} busy={sending} disabled={over || wait > 0}>
          {wait > 0 ? `Try again in ${timeLeft(wait)}` : sending ? 'Opening…' : mine ? readAnyway : 'Reveal the secret'}
        </Button>
      </form>
    </Sheet>
  )
}

const Said = ({ text }: { text: string | undefined }) => text && <Notice warn>{text}</Notice>
