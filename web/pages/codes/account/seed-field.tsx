import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { bareBase32, faultOfSeed } from '../../../../shared/seed.ts'
import css from './account.module.css'
import { type AccountForm, isUri, readUri } from './form.ts'

type Props = {
  label: string
  description: string
  value: string
  put: (seed: string) => void
  /** An otpauth address stood in the field: all that it says. */
  read: (form: Omit<AccountForm, 'tags'>) => void
  error: string | undefined
  required: boolean
}

/** What is wrong so far: too short is said once the field is left, a character that cannot be in it at once. */
function faultSoFar(text: string, left: boolean): string | undefined {
  if (text.trim() === '' || isUri(text)) return undefined
  return left || /[^A-Z2-7]/.test(bareBase32(text)) ? faultOfSeed(text) : undefined
}

/** A seed as it is typed or pasted, also as the address that a QR code holds. Shown, since it is typed over from somewhere. */
export function SeedField({ value, put, read, error, required, ...words }: Props) {
  const [left, setLeft] = useState(false)
  const [uriFault, setUriFault] = useState<string>()
  const take = async (text: string) => {
    const found = await readUri(text)
    setUriFault('fault' in found ? found.fault : undefined)
    if ('form' in found) read(found.form)
    else put(text)
  }
  return (
    <TextInput
      {...words}
      required={required}
      withAsterisk={required}
      classNames={{ input: css.seed ?? '' }}
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      maxLength={8000}
      value={value}
      error={uriFault ?? faultSoFar(value, left) ?? error}
      onChange={(event) => {
        setUriFault(undefined)
        put(event.currentTarget.value)
      }}
      onFocus={() => setLeft(false)}
      onBlur={() => {
        setLeft(true)
        if (isUri(value)) void take(value)
      }}
      onPaste={(event) => {
        const text = event.clipboardData.getData('text')
        if (!isUri(text)) return
        event.preventDefault()
        void take(text)
      }}
    />
  )
}
