import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { mayTouch } from '../keys/reach.ts'
import type { Verb } from '../verb.ts'
import { waitFor } from '../wait.ts'
import { mustBeOpenTo } from './guarded.ts'
import { isPresent, present, readValue, topicOf, versionsIn } from './value.ts'

/**
 * Reads a value (seed 0). A wait ends when the version differs from the one the caller knows, or else from the one it
 * found on arrival; 0 stands for "absent". When nothing changed in time the value is answered as it is.
 * Where keys read only by an approval, the same query says so, for a value that is absent too.
 */
export const get: Verb<typeof contract.values.get> = async (ctx, input) => {
  mayTouch(ctx.actor, input.key_path)
  const place = { projectId: ctx.actor.projectId, keyPath: input.key_path }
  const known = versionsIn(input.if_none_match)
  let before: number | undefined
  const row = await waitFor(
    ctx,
    topicOf(place),
    input.wait,
    () => readValue(ctx.world)(place),
    (found) => {
      if (found.guarded && ctx.actor.type === 'key') return true
      const version = isPresent(found) ? found.version : 0
      if (Array.isArray(known)) return !known.includes(version)
      before ??= version
      return version !== before
    },
  )
  mustBeOpenTo(ctx.actor, input.key_path, row.guarded)
  return isPresent(row) ? present(row) : refuse('NOT_FOUND', { sentence: `There is no value at ${input.key_path}.` })
}
