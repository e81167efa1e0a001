import { Button, Textarea, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { Refused, type Sending } from '../../parts/share/form.tsx'
import { TtlField } from '../../parts/share/ttl-field.tsx'
import { canEncrypt } from '../../parts/share/wish.ts'
import { CheckField } from '../../ui/fields.tsx'
import { useFocusFault } from '../../ui/focus-fault.ts'
import { Fold } from '../../ui/fold.tsx'
import type { AskWish } from './ask-form.ts'
import css from './secrets.module.css'

type Props = {
  wish: AskWish
  put: (words: Partial<AskWish>) => void
  mail: boolean
  sending: Sending
  send: () => void
  cancel: () => void
}

/** What is asked for, until when, and who encrypts the answer. */
export function AskFields({ wish, put, mail, sending: { busy, fault, at }, send, cancel }: Props) {
  const form = useFocusFault(fault)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) send()
  }
  return (
    <form ref={form} className={css.form} noValidate onSubmit={submit}>
      <TextInput
        label="What you need"
        description="As “The API token of the staging account”. Seen by who answers, and in the project’s list."
        required
        value={wish.title}
        error={at('title')}
        onChange={(event) => put({ title: event.currentTarget.value })}
      />
      <Textarea
        label="Note"
        description="Where to find it, what it is for."
        rows={3}
        value={wish.note}
        error={at('note')}
        onChange={(event) => put({ note: event.currentTarget.value })}
      />
      <Fold summary="Time, encryption and more" open={at('ttl') !== undefined || at('answer_ttl') !== undefined}>
        <TtlField label="Time to answer" seconds={wish.ttl} put={(ttl) => put({ ttl })} error={at('ttl')} />
        <TtlField
          label="Then, time to read the answer"
          seconds={wish.answerTtl}
          put={(answerTtl) => put({ answerTtl })}
          error={at('answer_ttl')}
        />
        <CheckField
          label="Encrypt the answer in their browser"
          description={
            canEncrypt()
              ? 'Under a key of yours that stands in the link you keep, behind the #: the server cannot read the answer.'
              : 'Not possible here: this page did not come over HTTPS. The server encrypts the answer instead.'
          }
          checked={wish.browser}
          disabled={!canEncrypt()}
          put={(browser) => put({ browser })}
        />
        {mail && (
          <CheckField
            label="Tell me when the answer is there"
            description="By mail, to the address that you sign in with."
            checked={wish.tellMe}
            put={(tellMe) => put({ tellMe })}
          />
        )}
      </Fold>
      <Refused fault={fault} />
      <div className={css.buttons}>
        <Button type="submit" loading={busy}>
          Make the links
        </Button>
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
