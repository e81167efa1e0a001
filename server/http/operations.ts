import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { coercion } from './coerce.ts'

/** An operation of the contract as the REST door needs it: its name, its entry, and what is made once of its schema. */
export type Operation = {
  name: string
  entry: Endpoint
  coerce: ReturnType<typeof coercion>
  waits: boolean
}

export const operations: readonly Operation[] = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries<Endpoint>(entries).map(([verb, entry]) => ({
    name: `${feature}.${verb}`,
    entry,
    coerce: coercion(entry),
    waits: 'wait' in entry.input.shape,
  })),
)
