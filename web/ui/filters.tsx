import { NativeSelect, TextInput } from '@mantine/core'
import { Search, X } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import css from './filters.module.css'

/** The filters of a list. They stand in the address, so a filtered list can be sent to somebody. */
export const Filters = ({ clear, children }: { clear: (() => void) | undefined; children: ReactNode }) => (
  <search className={css.filters}>
    {children}
    {clear && (
      <button type="button" className={css.clear} onClick={clear}>
        <X aria-hidden size={16} /> Clear filters
      </button>
    )}
  </search>
)

type TextProps = { label: string; value: string | undefined; put: (value: string | undefined) => void; main?: boolean }

/** A text to filter by, taken with Enter or on leaving the field. `main`: what the key `/` goes to. */
export function FilterText({ label, value = '', put, main = false }: TextProps) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const take = () => {
    if (typed.trim() !== value) put(typed.trim() || undefined)
  }
  return (
    <TextInput
      label={label}
      size="sm"
      type="search"
      className={main ? css.main : undefined}
      leftSection={main ? <Search aria-hidden size={16} /> : undefined}
      value={typed}
      data-search={main || undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
    />
  )
}

type PickProps<Word extends string> = {
  label: string
  /** What no choice is called. */
  any: string
  words: Readonly<Record<Word, string>>
  value: Word | undefined
  put: (value: Word | undefined) => void
}

export function FilterPick<Word extends string>({ label, any, words, value, put }: PickProps<Word>) {
  // The keys of the record are the words.
  const keys = Object.keys(words) as Word[]
  return (
    <NativeSelect
      label={label}
      size="sm"
      value={value ?? ''}
      data={[{ value: '', label: any }, ...keys.map((word) => ({ value: word, label: words[word] }))]}
      onChange={(event) => put(keys.find((word) => word === event.currentTarget.value))}
    />
  )
}

/** An ISO instant as a field of the browser's own takes it, in the reader's zone. */
const local = (iso: string | undefined): string => {
  const at = iso === undefined ? Number.NaN : Date.parse(iso)
  if (Number.isNaN(at)) return ''
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export const FilterTime = ({ label, value, put, error }: TextProps & { error?: string | undefined }) => (
  <TextInput
    label={label}
    error={error}
    size="sm"
    type="datetime-local"
    value={local(value)}
    onChange={({ currentTarget }) => {
      const at = new Date(currentTarget.value)
      put(Number.isNaN(at.getTime()) ? undefined : at.toISOString())
    }}
  />
)
