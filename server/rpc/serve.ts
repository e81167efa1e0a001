import { initTRPC, TRPCError, type TRPCMutationProcedure, type TRPCQueryProcedure } from '@trpc/server'
import type { OpenApiMeta } from 'trpc-to-openapi'
import type { z } from 'zod'
import type { Endpoint, Feature } from '../../shared/contract/endpoint.ts'
import type { Contract } from '../../shared/contract/index.ts'
import type { Ctx } from '../context.ts'
import { within } from '../lib/deadline.ts'
import type { Verbs } from '../verb.ts'
import { admit, type DoorCtx } from './admit.ts'
import { refusalOf, trpcShape } from './fault.ts'
import { followed } from './spans.ts'

/** Longest time a request may take beyond what it was asked to wait, in ms; then 503. */
const deadlineMs = 9000

/** Longest time an entry's bytes may take to arrive, in ms: 5 MiB at 150 kbit/s. The door sees to it (`http/bytes.ts`). */
export const uploadMs = 300_000

const t = initTRPC
  .context<DoorCtx>()
  .meta<OpenApiMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ error, ctx }) => trpcShape(refusalOf(error), ctx?.requestId ?? ''),
  })

type Typed<Entry extends Endpoint> = {
  input: z.input<Entry['input']>
  output: z.output<Entry['output']>
  meta: OpenApiMeta
}

type Procedure<Entry extends Endpoint> = Entry['method'] extends 'GET'
  ? TRPCQueryProcedure<Typed<Entry>>
  : TRPCMutationProcedure<Typed<Entry>>

type Procedures<Entries extends Feature> = { [Name in keyof Entries]: Procedure<Entries[Name]> }

type LooseVerb = (ctx: Ctx, input: { wait?: number }) => Promise<unknown>

/** What a request goes through, whichever door it came by: admit → limit → parse → verb → parse the answer. */
export type Pipeline = (door: DoorCtx, raw: unknown) => Promise<unknown>

/** Seconds that a request asks to wait, read before it is parsed. */
function waitIn(raw: unknown): number {
  const wait = typeof raw === 'object' && raw !== null && 'wait' in raw ? raw.wait : undefined
  return typeof wait === 'number' && wait > 0 ? Math.min(wait, 55) : 0
}

function pipeline(entry: Endpoint, verb: LooseVerb): Pipeline {
  const run: Pipeline = async (door, raw) => {
    const actor = await admit(door, entry)
    const read = entry.input.safeParse(raw)
    if (!read.success) throw new TRPCError({ code: 'BAD_REQUEST', cause: read.error })
    return entry.output.parse(await verb({ ...door, actor }, read.data))
  }
  // Of bytes the door ends the reading, which the verb hears of; a deadline here would leave it at work unheard.
  const arriving = entry.bytes === undefined ? 0 : uploadMs
  // Around admission too, which asks the database who it is and how often.
  return (door, raw) => within(deadlineMs + arriving + waitIn(raw) * 1000, run(door, raw))
}

/** What the document's generator is told of an entry; nothing of those that only the dashboard has. */
function documented(entry: Endpoint): OpenApiMeta {
  if (entry.path === null) return {}
  return {
    openapi: {
      method: entry.method,
      path: entry.path,
      tags: [entry.tag],
      summary: entry.summary,
      description: entry.description,
      protect: entry.access !== 'public',
    },
  }
}

/** An entry's pipeline as a tRPC procedure. */
function procedureOf(entry: Endpoint, run: Pipeline) {
  const base = t.procedure.meta(documented(entry)).input((raw: unknown) => raw)
  const resolve = ({ ctx, input }: { ctx: DoorCtx; input: unknown }) => run(ctx, input)
  const procedure = entry.method === 'GET' ? base.query(resolve) : base.mutation(resolve)
  // The pipeline parses; the document is made from what a procedure declares.
  Object.assign(procedure._def, { inputs: [entry.input], output: entry.output })
  return procedure
}

type AllVerbs = { [Name in keyof Contract]: Verbs<Contract[Name]> }
type AllProcedures = { [Name in keyof Contract]: Procedures<Contract[Name]> }

/**
 * The contract with its verbs: a pipeline for each operation, found by its name, and the same ones as a tRPC router. A
 * missing verb, an extra one, or one that does not fit does not compile.
 */
export function serve(contract: Contract, verbs: AllVerbs) {
  const pipelines = new Map<string, Pipeline>()

  /** A feature of the contract as procedures of the same names. */
  const feature = (name: string, entries: Feature, verbs: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => {
        // Where contract meets verb: AllVerbs proved that each verb fits its entry, which a loop over names forgets.
        const run = followed(`${name}.${key}`, pipeline(entry, verbs[key] as LooseVerb))
        pipelines.set(`${name}.${key}`, run)
        return [key, procedureOf(entry, run)]
      }),
    )
  const names = Object.keys(contract) as (keyof Contract)[] // the keys of the contract are exactly its type's
  const procedures = Object.fromEntries(names.map((name) => [name, feature(name, contract[name], verbs[name])]))
  const router = t.router(procedures as unknown as AllProcedures) // as above
  const pipelineOf = (name: string): Pipeline => {
    const run = pipelines.get(name)
    if (!run) throw new Error(`There is no operation ${name}.`)
    return run
  }
  return { router, pipelineOf }
}
