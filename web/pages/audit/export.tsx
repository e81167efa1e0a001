import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { Fault } from '../../parts/fault.ts'
import { useOffset } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import css from './audit.module.css'

type Filters = Readonly<Record<string, string | undefined>>
type Format = 'ndjson' | 'csv'

/** Lets the browser save what an address answers, as it arrives, however much it is. */
function save(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}

/**
 * Exports what the filters show. A download cannot answer a refusal with a dialog, so that the sign-in is fresh is asked
 * before it starts.
 */
export function Export({ filters }: { filters: Filters }) {
  const { id } = useProject()
  const client = useQueryClient()
  const offset = useOffset()
  const change = useChange<Format>({
    run: async (format) => {
      const me = await client.fetchQuery({ ...whoAmI, staleTime: 0 })
      // A few seconds are left for the request itself.
      if (Date.parse(me.fresh_until) < Date.now() + offset + 5000)
        throw new Fault('SIGN_IN_AGAIN', 'An export asks for a fresh sign-in.')
      const words = new URLSearchParams({ project: id, format })
      for (const [name, value] of Object.entries(filters)) if (value !== undefined) words.set(name, value)
      save(`/v1/audit/export?${words}`)
    },
    says: 'The export is on its way; it is an entry of its own.',
    stale: [['audit', id]],
  })
  return (
    <div className={css.buttons}>
      <Button variant="default" loading={change.busy} onClick={() => void change.go('ndjson')}>
        Export NDJSON
      </Button>
      <Button variant="default" loading={change.busy} onClick={() => void change.go('csv')}>
        Export CSV
      </Button>
    </div>
  )
}
