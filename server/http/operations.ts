import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { pipelineOf } from '../rpc/router.ts'
import type { Pipeline } from '../rpc/serve.ts'
import { coercion } from './coerce.ts'

/** An operation of the contract as the REST door needs it: its name, its entry, and what is made once of its schema. */
export type Operation = {
  name: string
  entry: Endpoint & { path: string }
  coerce: ReturnType<typeof coercion>
  run: Pipeline
  /** Request headers that fill input fields. */
  headers: readonly (readonly [header: string, field: string])[]
  waits: boolean
}

const isPublic = (entry: Endpoint): entry is Operation['entry'] => entry.path !== null

/** Every operation that the document has. */
export const operations: readonly Operation[] = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries<Endpoint>(entries).flatMap(([verb, entry]) =>
    isPublic(entry)
      ? {
          name: `${feature}.${verb}`,
          entry,
          coerce: coercion(entry),
          run: pipelineOf(`${feature}.${verb}`),
          headers: Object.entries(entry.headers ?? {}),
          waits: 'wait' in entry.input.shape,
        }
      : [],
  ),
)

/** The other ways to them that a seed's clients know. */
export const aliases: readonly Operation[] = operations.flatMap((operation) =>
  (operation.entry.aliases ?? []).map((way) => ({ ...operation, entry: { ...operation.entry, ...way } })),
)
