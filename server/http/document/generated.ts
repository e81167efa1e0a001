import { generateOpenApiDocument } from 'trpc-to-openapi'
import { router } from '../../rpc/router.ts'
import type { Parameter, Schema } from './shapes.ts'

/** What the generator makes of one procedure. */
export type Generated = {
  parameters: Parameter[]
  /** Of the input without its path parameters; `undefined` for methods without a body. */
  body: Schema | undefined
  output: Schema
}

type Content = { content?: Record<string, { schema: Schema }> }

type Made = {
  paths: Record<
    string,
    Record<string, { parameters?: Parameter[]; requestBody?: Content; responses: Record<string, Content> }>
  >
  components: { schemas?: Record<string, Schema> }
}

const eachOf = <Thing>(things: Record<string, Thing>, change: (thing: Thing) => Thing): Record<string, Thing> =>
  Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, change(thing)]))

/** The ends of what JSON's integers can be say nothing of a field. */
const ends = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])

/** A schema as 2020-12 wants it: `examples` for `example`, and nothing that goes without saying, as that names are text. */
function tidy({ example, minimum, maximum, propertyNames: _, ...schema }: Schema): Schema {
  const { properties, items, anyOf, additionalProperties: more } = schema
  return {
    ...schema,
    ...(minimum === undefined || ends.has(minimum) ? {} : { minimum }),
    ...(maximum === undefined || ends.has(maximum) ? {} : { maximum }),
    ...(example === undefined ? {} : { examples: [example] }),
    ...(schema.format === 'date-time' ? { pattern: 'Z$' } : {}),
    ...(properties ? { properties: eachOf(properties, tidy) } : {}),
    ...(items ? { items: tidy(items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(tidy) } : {}),
    ...(typeof more === 'object' ? { additionalProperties: Object.keys(more).length === 0 || tidy(more) } : {}),
  }
}

const schemaOf = (body: Content | undefined): Schema | undefined => body?.content?.['application/json']?.schema

/** What trpc-to-openapi says of the router: every procedure by path and method, and the schemas that have names. */
export function generated(): {
  of: (path: string, method: string) => Generated
  schemas: Record<string, Schema>
} {
  const made = generateOpenApiDocument(router, {
    title: '',
    version: '',
    baseUrl: '/v1',
    openApiVersion: '3.1.0',
  }) as unknown as Made // the generator's own types say less than it makes
  // Its own shapes of errors are not ours.
  const named = Object.entries(made.components.schemas ?? {}).filter(([name]) => !name.startsWith('error.'))
  return {
    schemas: eachOf(Object.fromEntries(named), tidy),
    of(path, method) {
      const operation = made.paths[path]?.[method]
      if (!operation) throw new Error(`The generator left out ${method} ${path}.`)
      const body = schemaOf(operation.requestBody)
      return {
        parameters: (operation.parameters ?? []).map((one) => ({ ...one, schema: tidy(one.schema) })),
        body: body && tidy(body),
        output: tidy(schemaOf(operation.responses['200']) ?? {}),
      }
    },
  }
}
