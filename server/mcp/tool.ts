import { z } from 'zod'
import type { Scope } from '../../shared/scopes.ts'
import { type Call, CallFault } from './call.ts'

/** What a running tool has of its caller. */
export type Desk = {
  call: Call
  /** The instance's address, without a slash at its end. */
  url: string
  /** Aborted when the client has left or takes its call back. */
  signal: AbortSignal
  /** Tells a client that asked for it how many of `total` seconds it has waited. */
  progress: ((seconds: number, total: number) => void) | undefined
  /** Has the client show an address to its person, where it can (URL mode); never the model's to open. */
  show(id: string, url: string, sentence: string): Promise<void>
  /** Lets the client take down what it shows under this id. */
  shown(id: string): Promise<void>
}

type Hints = { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }

type Said<In extends z.ZodObject, Out extends z.ZodObject> = {
  name: string
  title: string
  /** What a model goes by. */
  description: string
  /** Whether a key with these scopes has the tool. */
  isFor(holds: (scope: Scope) => boolean): boolean
  /** It may wait for a person. */
  waits?: true
  annotations: Hints
  input: In
  output: Out
}

/** A tool as the server offers it; `read` refuses what its schema refuses and answers what is left to do. */
export type Tool = Said<z.ZodObject, z.ZodObject> & {
  read(given: unknown): (desk: Desk) => Promise<Record<string, unknown>>
}

function sentenceOf(error: z.ZodError): string {
  const lines = error.issues.map((issue) => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys') return `${[...path, issue.keys[0]?.slice(0, 80)].join('.')}: Unknown field.`
    return path.length === 0 ? issue.message : `${path.join('.')}: ${issue.message}`
  })
  return lines.join(' ').slice(0, 500)
}

/** Defines a tool: what comes in and what goes out are both held to their schemas. */
export function tool<In extends z.ZodObject, Out extends z.ZodObject>({
  run,
  ...said
}: Said<In, Out> & { run(desk: Desk, input: z.output<In>): Promise<z.input<Out>> }): Tool {
  return {
    ...said,
    read(given) {
      const read = said.input.safeParse(given)
      if (!read.success) throw new CallFault('INVALID_INPUT', sentenceOf(read.error))
      return async (desk) => said.output.parse(await run(desk, read.data))
    },
  }
}

/** Of every answer: what it means and what to do next. */
export const message = z.string().meta({ description: 'What this means, and what to do next.' })
