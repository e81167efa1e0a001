import { type Api, calls, whoAmI } from '../../call.ts'
import { type Change, useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'

export type Settings = Awaited<ReturnType<Api['settings']['get']['query']>>

export type Wish = Parameters<Api['settings']['update']['mutate']>[0]

export type RoomProps = { settings: Settings; manages: boolean }

/** Changes settings; the answer takes the place of what was read. */
export function useSaving(says = 'Saved.'): Change<Wish> {
  const { id, api } = useProject()
  return useChange({
    run: (wish: Wish) => api.settings.update.mutate(wish),
    says,
    here: true,
    done: async (settings, wish) => {
      calls.setQueryData(['settings', id], settings)
      if (wish.name !== undefined) await calls.invalidateQueries({ queryKey: whoAmI.queryKey })
    },
  })
}
