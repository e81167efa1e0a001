import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { type Fault, faultOf } from './parts/fault.ts'
import { proveAgain } from './prove.ts'
import { complain, say } from './ui/toast.ts'

type Options<Input, Result> = {
  run: (input: Input) => Promise<Result>
  /** What to do with the answer. */
  done?: (result: Result, input: Input) => unknown
  /** What is said when it is done. */
  says?: string | ((result: Result, input: Input) => string)
  /** Queries to read again, by the beginning of their keys: `[['people', project.id]]`. */
  stale?: readonly QueryKey[]
  /** True: the form shows `fault` and `at(field)` itself. Else a fault is said as a toast. */
  here?: boolean
}

/** A change that a page makes. */
export type Change<Input> = {
  /** Makes it; true when it was made. Never throws. */
  go: (input: Input) => Promise<boolean>
  busy: boolean
  /** Why the last try failed. */
  fault: Fault | undefined
  /** What is wrong with one field, by the path of its issue or of anything below it. */
  at: (field: string) => string | undefined
  /** Forgets the fault, as when a dialog is opened anew. */
  forget: () => void
}

/**
 * A change with everything a person may meet: asked to sign in again (or signed out meanwhile) they do so in a dialog and
 * the change is made then; a fault is shown by its field or said as a toast; what it made stale is read again.
 */
export function useChange<Input = void, Result = unknown>(options: Options<Input, Result>): Change<Input> {
  const client = useQueryClient()
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: async (input: Input) => {
      try {
        return await options.run(input)
      } catch (thrown) {
        if (!/^(SIGN_IN_AGAIN|SIGNED_OUT)$/.test(faultOf(thrown).code) || !(await proveAgain())) throw thrown
        return options.run(input)
      }
    },
  })
  const fault = error ? faultOf(error) : undefined
  const go = async (input: Input): Promise<boolean> => {
    try {
      const result = await mutateAsync(input)
      for (const queryKey of options.stale ?? []) void client.invalidateQueries({ queryKey })
      if (options.says) say(typeof options.says === 'string' ? options.says : options.says(result, input))
      await options.done?.(result, input)
      return true
    } catch (thrown) {
      if (!options.here) complain(faultOf(thrown))
      return false
    }
  }
  const at = (field: string) =>
    fault?.issues.find(({ path }) => path === field || path.startsWith(`${field}.`))?.message
  return { go, busy: isPending, fault, at, forget: reset }
}
