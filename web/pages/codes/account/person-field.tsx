import { Autocomplete } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { visible } from '../../../../shared/visible.ts'
import { useProject } from '../../../project.tsx'
import css from './account.module.css'

type Props = {
  label: string
  description: string
  /** An e-mail address, or what was typed of it or of a name so far. */
  value: string
  put: (value: string) => void
  error: string | undefined
  /** Also offers whoever was invited and has not come yet. */
  invited: boolean
  /** Somebody who is not offered. */
  without?: string | undefined
}

/** Somebody of the project, found by name or address; an address can also be typed. */
export function PersonField({ value, put, invited, without, ...words }: Props) {
  const { id, api } = useProject()
  const q = value.trim().slice(0, 100)
  const { data } = useQuery({
    queryKey: ['people', id, 'find', q],
    queryFn: () => api.users.list.query({ limit: 20, ...(q === '' ? {} : { q }) }),
    placeholderData: keepPreviousData,
  })
  const found = (data?.items ?? []).filter(
    ({ email, kind, status }) =>
      email !== without && ((kind === 'person' && status === 'active') || (invited && status === 'pending')),
  )
  const nameOf = new Map(found.map(({ email, name }) => [email, name === null ? 'Invited' : visible(name)]))
  return (
    <Autocomplete
      {...words}
      size="md"
      required
      withAsterisk={false}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      value={value}
      onChange={put}
      // An address that is whole covers nothing with itself.
      data={[...nameOf.keys()].filter((email) => email !== q)}
      // What matches was found by the server, which looks at names too.
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <span className={css.person}>
          <span>{nameOf.get(option.value)}</span>
          <span className={css.small}>{option.value}</span>
        </span>
      )}
    />
  )
}
