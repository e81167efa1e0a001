import { useQuery } from '@tanstack/react-query'
import type { Api } from '../../call.ts'
import { useProject } from '../../project.tsx'
import type { Policy } from './words.ts'

/** Every policy of a project, in the order asked; there are 200 at most, and standing ones. */
async function allOf(api: Api): Promise<Policy[]> {
  const found: Policy[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await api.policies.list.query({ limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...page.items)
    if (page.next_cursor === null) return found
    cursor = page.next_cursor
  }
}

export const keyOfAll = (project: string) => ['policies', project, 'all'] as const

/** All policies at once: their order is what matters, so no part of them says much. */
export function useAll() {
  const { id, api } = useProject()
  return useQuery({ queryKey: keyOfAll(id), queryFn: () => allOf(api) })
}

/** The standing yeses that have not ended, and the policies that people wrote. `now`: the server's time in ms. */
export const sorted = (all: readonly Policy[], now: number) => ({
  standing: all.filter((one) => one.standing && !(one.expires_at !== null && Date.parse(one.expires_at) <= now)),
  written: all.filter((one) => !one.standing),
})
