import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { PickField } from '../../ui/fields.tsx'
import css from './share.module.css'

const presets = [
  ['600', '10 minutes'],
  ['3600', '1 hour'],
  ['86400', '1 day'],
  ['259200', '3 days'],
  ['604800', '7 days'],
  ['1209600', '14 days'],
  ['2592000', '30 days'],
] as const

const units = [
  ['60', 'Minutes'],
  ['3600', 'Hours'],
  ['86400', 'Days'],
] as const

type Props = {
  label: string
  description?: string
  seconds: number
  put: (seconds: number) => void
  error: string | undefined
}

/** How long something lives: a usual time, or one's own between a minute and 30 days. Puts NaN for what is no number. */
export function TtlField({ label, description, seconds, put, error }: Props) {
  const [own, setOwn] = useState(!presets.some(([value]) => Number(value) === seconds))
  const [amount, setAmount] = useState('2')
  const [unit, setUnit] = useState('3600')
  const take = (typed: string, size: string) => {
    setAmount(typed)
    setUnit(size)
    const wished = typed.trim() === '' ? Number.NaN : Number(typed) * Number(size)
    put(Number.isFinite(wished) && wished > 0 ? Math.round(wished) : Number.NaN)
  }
  return (
    <div className={css.row}>
      <PickField
        label={label}
        {...(description === undefined ? {} : { description })}
        words={[...presets, ['own', 'Other…']]}
        value={own ? 'own' : String(seconds)}
        error={own ? undefined : error}
        put={(value) => {
          setOwn(value === 'own')
          if (value === 'own') take(amount, unit)
          else put(Number(value))
        }}
      />
      {own && (
        <>
          <TextInput
            label="How many"
            inputMode="decimal"
            autoComplete="off"
            value={amount}
            error={error}
            onChange={(event) => take(event.currentTarget.value, unit)}
          />
          <PickField label="Unit" words={units} value={unit} put={(size) => take(amount, size)} />
        </>
      )}
    </div>
  )
}
