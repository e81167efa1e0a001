import { Input } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import css from './fields.module.css'

/** Fields for the public pages and the dashboard alike: Mantine's own bring more than a public page has weight for. */

type Props = {
  label: string
  description?: ReactNode
  error?: string | undefined
  required?: boolean
}

/** What a field is described by, for a screen reader. */
const spoken = (id: string, { description, error }: Props) =>
  [description && `${id}-description`, error && `${id}-error`].filter(Boolean).join(' ') || undefined

type AreaProps = Props & {
  value: string
  put: (value: string) => void
  rows: number
  /** A text whose characters matter: in a typewriter's letters, and nothing looks at its spelling. */
  exact?: boolean
}

/** A text of several lines. */
export function AreaField({ value, put, rows, exact = false, ...words }: AreaProps) {
  const id = useId()
  return (
    <Input.Wrapper id={id} size="md" {...words}>
      <Input<'textarea'>
        component="textarea"
        id={id}
        multiline
        size="md"
        rows={rows}
        classNames={{ input: css.area ?? '' }}
        data-mono={exact || undefined}
        {...(exact ? { spellCheck: false, autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off' } : {})}
        error={words.error !== undefined}
        aria-describedby={spoken(id, words)}
        value={value}
        onChange={(event) => put(event.currentTarget.value)}
      />
    </Input.Wrapper>
  )
}

type PickProps = Props & {
  words: readonly (readonly [value: string, label: string])[]
  value: string
  put: (value: string) => void
}

/** One of several. */
export function PickField({ words, value, put, ...rest }: PickProps) {
  const id = useId()
  return (
    <Input.Wrapper id={id} size="md" {...rest}>
      <Input<'select'>
        component="select"
        id={id}
        size="md"
        pointer
        rightSection={<ChevronDown aria-hidden size={16} />}
        rightSectionPointerEvents="none"
        error={rest.error !== undefined}
        aria-describedby={spoken(id, rest)}
        value={value}
        onChange={(event) => put(event.currentTarget.value)}
      >
        {words.map(([word, label]) => (
          <option key={word} value={word}>
            {label}
          </option>
        ))}
      </Input>
    </Input.Wrapper>
  )
}

type CheckProps = {
  label: string
  description?: string
  checked: boolean
  put: (on: boolean) => void
  disabled?: boolean
}

/** Something to switch on or off. */
export function CheckField({ label, description, checked, put, disabled = false }: CheckProps) {
  const id = useId()
  return (
    <div className={css.check}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={description && `${id}-description`}
        onChange={(event) => put(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {description && <p id={`${id}-description`}>{description}</p>}
    </div>
  )
}

/** One file, chosen or dropped on the field. */
export function FileField({ put, ...words }: Props & { put: (file: File | undefined) => void }) {
  const id = useId()
  return (
    <Input.Wrapper id={id} size="md" {...words}>
      <input
        id={id}
        type="file"
        className={css.file}
        aria-invalid={words.error !== undefined}
        aria-describedby={spoken(id, words)}
        onChange={(event) => put(event.currentTarget.files?.[0])}
      />
    </Input.Wrapper>
  )
}
