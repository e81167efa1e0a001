import type { z } from 'zod'
import type { Endpoint, Feature } from '../shared/contract/endpoint.ts'
import type { Ctx, Guest, KeyActor, PersonActor, SignedIn, Visitor } from './context.ts'

type ActorOf<Entry extends Endpoint> = Entry['access'] extends 'public'
  ? Visitor
  : Entry['access'] extends 'signed in'
    ? SignedIn
    : Entry extends { peopleOnly: true }
      ? PersonActor
      : Entry extends { guests: true }
        ? KeyActor | PersonActor | Guest
        : KeyActor | PersonActor

/** The context an entry's verb gets: admitted already, so a scoped verb always has somebody who may. */
export type CtxOf<Entry extends Endpoint> = Ctx<ActorOf<Entry>>

/** The one function that does what an entry of the contract says. Input is parsed, the answer is parsed again. */
export type Verb<Entry extends Endpoint> = (
  ctx: CtxOf<Entry>,
  input: z.output<Entry['input']>,
) => Promise<z.input<Entry['output']>>

/** A feature's verbs: exactly the names of its contract, so a missing or an extra one does not compile. */
export type Verbs<Entries extends Feature> = { readonly [Name in keyof Entries]: Verb<Entries[Name]> }

/** What the verb of an entry with `streams` answers: text or bytes that are sent as they are made, until it ends or the client leaves. */
export type Streamed = {
  /** One of the entry's media types. */
  type: string
  /** Offered as a file of this name. */
  fileName?: string
  /** Bytes that `chunks` makes, where that is known: who is sent fewer can tell. */
  length?: number
  chunks: AsyncIterable<string | Uint8Array>
}
