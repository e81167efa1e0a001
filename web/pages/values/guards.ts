import { useQuery } from '@tanstack/react-query'
import type { Answers } from '../../api.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'

export type Guard = Answers['values']['guards'][number]

/** The marks of the project, by path. */
export function useGuards() {
  const { id, api } = useProject()
  return useQuery({ queryKey: ['values', id, 'guards'], queryFn: () => api.values.guards.query({}) })
}

/** The marks that a path lies at or below; the nearest last. The server holds to the same. */
export const guardsOf = (keyPath: string, guards: readonly Guard[] = []): Guard[] =>
  guards.filter(({ key_path }) => keyPath === key_path || keyPath.startsWith(`${key_path}/`))

/** A path with those above it, longest first: `a/b/c`, `a/b`, `a`. */
export const pathsAbove = (keyPath: string): string[] =>
  keyPath
    .split('/')
    .map((_, at, parts) => parts.slice(0, at + 1).join('/'))
    .reverse()

/** Marks a path with all below it; `unmark` takes a mark away. */
export function useMarking() {
  const { id, api } = useProject()
  const stale = [['values', id]]
  const mark = useChange({
    run: (key_path: string) => api.values.guard.mutate({ key_path }),
    says: (_, path) => `Keys read ${path} only by an approval now.`,
    stale,
    here: true,
  })
  const unmark = useChange({
    run: (key_path: string) => api.values.unguard.mutate({ key_path }),
    says: (_, path) => `The mark of ${path} is taken away.`,
    stale,
    here: true,
  })
  return { mark, unmark }
}
