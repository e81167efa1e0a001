import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Answers } from '../../api.ts'
import { type Fault, faultOf } from '../../parts/fault.ts'
import { useProject } from '../../project.tsx'
import type { Draft, Unread } from './form.ts'
import type { Effect } from './words.ts'

/** Ms without a keystroke before a draft is tried. */
const patience = 400

type Answer = Answers['policies']['dryRun']

/** What came of a draft; `unsaid`: requests that it is about, and that a person is asked about all the same. */
export type Tried = Answer & { effect: Effect; enabled: boolean; unsaid: number }

export type Trying = {
  /** What came of it last, which may be of the draft before. */
  data: Tried | undefined
  /** Why this draft could not be tried. */
  fault: Fault | undefined
  /** Something is not filled in yet, so there is nothing to try. */
  unfinished: boolean
  busy: boolean
  retry: () => void
}

type Wish = { draft: Draft; id?: string }

/** Whether the draft is about a request and a person is asked all the same, which it does not say of itself. */
const isUnsaid = ({ with_draft: { effect, policy, policy_id } }: Answer['items'][number], { draft, id }: Wish) =>
  policy !== null && policy_id === (id ?? null) && effect === 'require_approval' && draft.effect !== 'require_approval'

/** What a draft would have answered lately, asked anew when it has changed and its writer pauses. */
export function usePreview(draft: Draft, unread: Unread, at: { id?: string; position?: number }): Trying {
  const { id, api } = useProject()
  const unfinished = Object.keys(unread).length > 0
  // As text, since each drawing makes another object. A name has no part in what it answers.
  const typed = unfinished ? '' : JSON.stringify({ draft: { ...draft, name: draft.name || 'Draft' }, ...at })
  const [settled] = useDebouncedValue(typed, patience)
  const query = useQuery({
    queryKey: ['policies', id, 'tried', settled],
    queryFn: async (): Promise<Tried> => {
      const wish: Wish = JSON.parse(settled)
      const answer = await api.policies.dryRun.mutate(wish)
      const { effect, enabled = true } = wish.draft
      return { ...answer, effect, enabled, unsaid: answer.items.filter((one) => isUnsaid(one, wish)).length }
    },
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  return {
    data: query.data,
    fault: settled !== '' && query.error ? faultOf(query.error) : undefined,
    unfinished: settled === '',
    busy: settled !== typed || query.isFetching,
    retry: () => void query.refetch(),
  }
}
