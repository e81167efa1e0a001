import type { z } from 'zod'
import type { Endpoint, Feature } from '../shared/contract/endpoint.ts'
import type { Ctx, KeyActor, Visitor } from './context.ts'

/** The context an entry's verb gets: admitted already, so a scoped verb always has a key with that scope. */
export type CtxOf<Entry extends Endpoint> = Ctx<Entry['access'] extends 'public' ? Visitor : KeyActor>

/** The one function that does what an entry of the contract says. Input is parsed, the answer is parsed again. */
export type Verb<Entry extends Endpoint> = (
  ctx: CtxOf<Entry>,
  input: z.output<Entry['input']>,
) => Promise<z.input<Entry['output']>>

/** A feature's verbs: exactly the names of its contract, so a missing or an extra one does not compile. */
export type Verbs<Entries extends Feature> = { readonly [Name in keyof Entries]: Verb<Entries[Name]> }
