import { Lock, Server } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import type { Fault } from '../fault.ts'
import { Options } from './options.tsx'
import css from './share.module.css'
import { SecretText } from './text-field.tsx'
import { isByBrowser, type Wish } from './wish.ts'

/** A try to make something, as `useChange` has it. */
export type Sending = {
  busy: boolean
  fault: Fault | undefined
  at: (field: string) => string | undefined
}

type Props = {
  wish: Wish
  put: (words: Partial<Wish>) => void
  send: () => void
  sending: Sending
  member: { mail: boolean } | undefined
  cancel?: ReactNode
}

/** Shares a secret: one field, and a fold with everything else. */
export function ShareForm({ wish, put, send, sending: { busy, fault, at }, member, cancel }: Props) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (fault) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [fault])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) send()
  }
  const byBrowser = isByBrowser(wish)
  const Icon = byBrowser ? Lock : Server
  return (
    <form ref={form} className={css.form} noValidate onSubmit={submit}>
      <SecretText text={wish.text} put={(text) => put({ text })} error={at('secret')} />
      <Options wish={wish} put={put} at={at} member={member} />
      <p className={css.how}>
        <Icon aria-hidden size={16} />
        {byBrowser
          ? 'Encrypted in this browser; the server cannot read it.'
          : 'Encrypted by the server, which forgets how to open it without the link.'}
      </p>
      <Refused fault={fault} />
      <div className={css.buttons}>
        <Button type="submit" look="primary" busy={busy}>
          Make the link
        </Button>
        {cancel}
      </div>
    </form>
  )
}

/** Why it was refused, where no field says it. */
export const Refused = ({ fault }: { fault: Fault | undefined }) =>
  fault && (
    <p className={css.refused} role="alert">
      {fault.issues.length > 0 ? 'It was not sent: what is wrong stands at its field.' : fault.message}
      {fault.retryAfter !== undefined && ` Try again in ${fault.retryAfter} s.`}
      {fault.requestId && fault.code === 'INTERNAL' && ` Request ${fault.requestId}.`}
    </p>
  )
