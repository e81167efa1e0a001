import { Button, NativeSelect, TextInput } from '@mantine/core'
import { isHex } from '../../parts/contrast.ts'
import css from './new.module.css'
import type { Button as Fields } from './new-form.ts'

const styles = {
  primary: 'Primary',
  secondary: 'Secondary',
  danger: 'Danger',
  warning: 'Warning',
  info: 'Info',
  default: 'Plain',
  own: 'A colour of my own',
} as const

type Props = {
  button: Fields
  index: number
  at: (field: string) => string | undefined
  put: (button: Fields) => void
  drop: (() => void) | undefined
}

/** One button of an approval: its name, its text, what it sets, how it looks. */
export const ButtonFields = ({ button, index, at, put, drop }: Props) => (
  <fieldset className={css.button}>
    <legend>Button {index + 1}</legend>
    <TextInput
      label="Text"
      value={button.label}
      error={at(`actions.${index}.label`)}
      onChange={(event) => put({ ...button, label: event.currentTarget.value })}
    />
    <TextInput
      label="Name"
      value={button.key}
      error={at(`actions.${index}.key`)}
      onChange={(event) => put({ ...button, key: event.currentTarget.value })}
    />
    <TextInput
      label="Sets the value"
      value={button.value}
      error={at(`actions.${index}.value`)}
      onChange={(event) => put({ ...button, value: event.currentTarget.value })}
    />
    <NativeSelect
      label="Style"
      value={isHex(button.style) ? 'own' : button.style}
      data={Object.entries(styles).map(([value, label]) => ({ value, label }))}
      error={at(`actions.${index}.style`)}
      onChange={({ currentTarget: { value } }) => put({ ...button, style: value === 'own' ? '#0b7285' : value })}
    />
    {isHex(button.style) && (
      <TextInput
        label="Colour"
        type="color"
        value={button.style}
        onChange={(event) => put({ ...button, style: event.currentTarget.value })}
      />
    )}
    {drop && (
      <Button variant="default" onClick={drop} aria-label={`Remove button ${index + 1}`}>
        Remove
      </Button>
    )}
  </fieldset>
)
