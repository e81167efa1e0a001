import { NumberInput } from '@mantine/core'

type Props = {
  label: string
  description: string
  /** NaN: the field is empty, which the server refuses by name. */
  value: number
  put: (value: number) => void
  least?: number
  most: number
  suffix: string
  error: string | undefined
  readOnly: boolean
}

/** A whole number of something. */
export const Amount = ({ value, put, least = 1, most, suffix, ...rest }: Props) => (
  <NumberInput
    {...rest}
    value={Number.isNaN(value) ? '' : value}
    onChange={(next) => put(typeof next === 'number' ? next : Number.NaN)}
    min={least}
    max={most}
    suffix={` ${suffix}`}
    allowDecimal={false}
    allowNegative={false}
    hideControls
    inputMode="numeric"
    required
    withAsterisk={false}
    maw={320}
  />
)
