import { useState } from 'react'
import { mostBytes } from '../../../shared/secret-bounds.ts'
import { Button } from '../../ui/button.tsx'
import { AreaField } from '../../ui/fields.tsx'
import { newPassword } from './password.ts'
import css from './share.module.css'
import { bytesOf, textFault } from './wish.ts'

const count = new Intl.NumberFormat('en')

type Props = { text: string; put: (text: string) => void; error: string | undefined; label?: string }

/** The secret: its bytes counted as they are typed, or a password that is made here and fills the field. */
export function SecretText({ text, put, error, label = 'The secret' }: Props) {
  const [made, setMade] = useState<{ password: string; before: string }>()
  const generated = made?.password === text
  const make = (length: 12 | 20) => {
    const password = newPassword(length)
    setMade({ password, before: generated ? made.before : text })
    put(password)
  }
  return (
    <div>
      <AreaField
        exact
        label={label}
        rows={4}
        value={text}
        put={put}
        error={textFault(text) ?? error}
        description="A password, a key, a note. It is kept encrypted, and can be read once."
      />
      <div className={css.under}>
        <div className={css.small}>
          {generated ? (
            <>
              <Button look="quiet" onClick={() => make(12)}>
                Another
              </Button>
              <Button look="quiet" onClick={() => make(20)}>
                20 characters
              </Button>
              {made.before !== '' && (
                <Button look="quiet" onClick={() => put(made.before)}>
                  Undo
                </Button>
              )}
            </>
          ) : (
            <Button look="quiet" onClick={() => make(12)}>
              {text === '' ? 'Generate a password instead' : 'Replace with a generated password'}
            </Button>
          )}
        </div>
        <span className={css.count} data-over={bytesOf(text) > mostBytes || undefined}>
          {count.format(bytesOf(text))} of {count.format(mostBytes)} bytes
        </span>
      </div>
    </div>
  )
}
