import { initTRPC, type TRPCMutationProcedure, type TRPCQueryProcedure } from '@trpc/server'
import type { OpenApiMeta } from 'trpc-to-openapi'
import type { z } from 'zod'
import type { Endpoint, Feature } from '../../shared/contract/endpoint.ts'
import type { Contract } from '../../shared/contract/index.ts'
import type { Ctx } from '../context.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { Verbs } from '../verb.ts'
import { admit, type DoorCtx } from './admit.ts'
import { faultBody, refusalOf } from './fault.ts'

/** Longest time a verb may take beyond what it was asked to wait, in ms; then 503. */
const deadlineMs = 9000

const t = initTRPC
  .context<DoorCtx>()
  .meta<OpenApiMeta>()
  .create({
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      const refusal = refusalOf(error)
      const body = faultBody(refusal, ctx?.requestId ?? '')
      return { ...shape, message: body.message, data: { ...body, httpStatus: shape.data.httpStatus } }
    },
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

/** One entry and its verb as a tRPC procedure: admit → limit → parse → verb → parse the answer. */
function implement(name: string, entry: Endpoint, verb: LooseVerb) {
  const procedure = t.procedure
    .meta({
      openapi: {
        method: entry.method,
        path: entry.path,
        tags: [entry.tag],
        summary: entry.summary,
        description: entry.description,
        protect: entry.access !== 'public',
      },
    })
    .use(async ({ ctx, next }) => next({ ctx: { actor: await admit(ctx, entry) } }))
    .input(entry.input)
    .output(entry.output)
  const run = async ({ ctx, input }: { ctx: Ctx; input: unknown }) => {
    const asked = input as { wait?: number } // parsed by entry.input; only some entries have `wait`
    return withDeadline(deadlineMs + (asked.wait ?? 0) * 1000, () => verb({ ...ctx }, asked))
  }
  if (verb === undefined) throw new Error(`${name} has no verb.`)
  return entry.method === 'GET' ? procedure.query(run) : procedure.mutation(run)
}

/** A feature of the contract with its verbs as procedures of the same names. */
function feature<Entries extends Feature>(name: string, entries: Entries, verbs: Verbs<Entries>): Procedures<Entries> {
  const made = Object.keys(entries).map((key) => {
    // Where contract meets verb: Verbs<Entries> proved that each verb fits its entry, which a loop over names forgets.
    return [key, implement(`${name}.${key}`, entries[key] as Endpoint, verbs[key] as unknown as LooseVerb)]
  })
  return Object.fromEntries(made) as Procedures<Entries>
}

type AllVerbs = { [Name in keyof Contract]: Verbs<Contract[Name]> }

/** The router: contract × verbs. A missing verb, an extra one, or one that does not fit does not compile. */
export function serve(contract: Contract, verbs: AllVerbs) {
  return t.router({
    values: t.router(feature('values', contract.values, verbs.values)),
    approvals: t.router(feature('approvals', contract.approvals, verbs.approvals)),
    demo: t.router(feature('demo', contract.demo, verbs.demo)),
  })
}
