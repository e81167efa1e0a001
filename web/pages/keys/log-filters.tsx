import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useProject } from '../../project.tsx'
import { FilterPick, Filters, FilterText, FilterTime } from '../../ui/filters.tsx'

const route = getRouteApi('/p/$project/keys')
const methods = { GET: 'GET', POST: 'POST', PUT: 'PUT', PATCH: 'PATCH', DELETE: 'DELETE' } as const

/** What the access log is narrowed to; it stands in the address. */
export function LogFilters() {
  const { id, api } = useProject()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const put = (words: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...words }), resetScroll: false })
  const keys = useQuery({ queryKey: ['keys', id, 'names'], queryFn: () => api.keys.list.query({ limit: 100 }) })
  const names = Object.fromEntries(
    (keys.data?.items ?? []).map((key) => [key.id, `${key.name} (${key.prefix}…${key.last4})`]),
  )
  // A key of the address that is not among the newest hundred stays chosen by its id.
  const known = search.key === undefined || names[search.key] ? names : { [search.key]: search.key, ...names }
  const { tab: _tab, open: _open, ...filters } = search
  const filtered = Object.values(filters).some((each) => each !== undefined)
  return (
    <Filters clear={filtered ? () => void navigate({ search: { tab: 'log' } }) : undefined}>
      <FilterPick label="Key" any="All keys" words={known} value={search.key} put={(key) => put({ key })} />
      <FilterPick
        label="Method"
        any="Any method"
        words={methods}
        value={search.method}
        put={(method) => put({ method })}
      />
      <FilterText main label="From address" value={search.ip} put={(ip) => put({ ip })} />
      <FilterTime label="From" value={search.since} put={(since) => put({ since })} />
      <FilterTime label="Until" value={search.until} put={(until) => put({ until })} />
      <Checkbox
        label="Only refused or failed"
        checked={search.failed === true}
        onChange={(event) => put({ failed: event.currentTarget.checked ? true : undefined })}
      />
    </Filters>
  )
}
