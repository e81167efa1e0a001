import type { Endpoint } from '../../../shared/contract/endpoint.ts'
import { bytesType } from '../bytes.ts'
import type { Generated } from './generated.ts'
import { bytesSchema, type DocumentedOperation, type Media, oneOfTypes, type Parameter, type Schema } from './shapes.ts'

/** `if-match` → `If-Match`. */
const spelled = (header: string) => header.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())

const conditions: Record<string, string> = {
  'If-Match': 'Goes through only if the value has this version: an ETag, or the bare version.',
  'If-None-Match': 'The ETag that is known already; `*` means any.',
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Makes repeating safe: the same key and body answer the same reply for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
  example: 'build-812-deploy',
}

/** What binds a decision to the page it was made on; see `mustBeOwnPage` and `visitCookie`. */
const visitParameters: Parameter[] = [
  {
    name: '__Host-countersign_visit',
    in: 'cookie',
    description:
      'The visit that opening the link named. Without `__Host-` where the service has neither https nor loopback.',
    schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    example: '9f86d081884c7d659a2feaa0c55ad015',
  },
  {
    name: 'Origin',
    in: 'header',
    description: 'The origin of this instance, unless `Sec-Fetch-Site: same-origin` says it, as browsers do.',
    schema: { type: 'string', format: 'uri' },
    example: 'https://countersign.example',
  },
]

/** A field as a parameter: what its schema says of itself moves to where readers look. */
function parameter(name: string, where: Parameter['in'], required: boolean, schema: Schema): Parameter {
  const { description, examples: [example] = [], ...rest } = schema
  return {
    name,
    in: where,
    ...(required ? { required } : {}),
    ...(description === undefined ? {} : { description }),
    schema: rest,
    ...(example === undefined ? {} : { example }),
  }
}

function conditionHeader(entry: Endpoint, header: string, schema: Schema): Parameter {
  const name = spelled(header)
  const description = `${conditions[name] ?? ''}${entry.method === 'PUT' && name === 'If-None-Match' ? ' Goes through only if there is no value yet.' : ''}`
  return { name, in: 'header', description, schema, example: schema.enum?.[0] ?? '"2"' }
}

/** Fields of the body that do not come from it: all but the raw one, and those that headers fill. */
const besideBody = (entry: Endpoint, name: string): boolean =>
  entry.rawBody === undefined ? Object.values(entry.headers ?? {}).includes(name) : name !== entry.rawBody

/** Every parameter of an entry. Fields that come from headers stand among the headers, and nowhere else. */
export function parametersOf(entry: Endpoint, made: Generated): Parameter[] {
  const fromHeader = new Map(Object.entries(entry.headers ?? {}).map(([header, field]) => [field, header]))
  const beside = Object.entries(made.body?.properties ?? {}).filter(([name]) => besideBody(entry, name))
  const all = [...made.parameters, ...beside.map(([name, schema]): Parameter => ({ name, in: 'query', schema }))]
  const placed = all.map((one) => {
    const header = fromHeader.get(one.name)
    if (header !== undefined && spelled(header) in conditions) return conditionHeader(entry, header, one.schema)
    if (header !== undefined) return parameter(spelled(header), 'header', one.required ?? false, one.schema)
    return parameter(one.name, one.in, one.required ?? false, one.schema)
  })
  const bare = ({ name }: Parameter) => name.replace(/\W|_/g, '').toLowerCase()
  const told = placed.map((one) =>
    one.in === 'header' && placed.some((other) => other !== one && bare(other) === bare(one))
      ? { ...one, 'x-go-name': `${one.name.replaceAll('-', '')}Header` }
      : one,
  )
  const visiting = entry.visit && entry.method !== 'GET' ? visitParameters : []
  return [...told, ...visiting, ...(entry.idempotent ? [idempotencyKey] : [])]
}

/** A body that is one value, raw (seed 0's PUT). */
function rawBody(field: string, schema: Schema, example: unknown): DocumentedOperation['requestBody'] {
  const { examples: _, ...text } = schema
  return {
    required: true,
    description:
      'The bytes of the body are the value, whatever the content type; only `application/json` is read as JSON first.',
    content: {
      'text/plain': { schema: text, example },
      'application/json': {
        schema: {
          anyOf: [
            { ...text, description: 'A JSON string: the value.' },
            { ...oneOfTypes('number', 'boolean', 'null'), description: 'Any other scalar, kept as its text.' },
            {
              type: 'object',
              properties: { [field]: oneOfTypes('string', 'number', 'boolean', 'null') },
              required: [field],
              additionalProperties: false,
            },
          ],
        },
        examples: {
          string: { summary: 'A JSON string', value: example },
          object: { summary: 'An object', value: { [field]: example } },
        },
      },
    },
  }
}

/**
 * A body that is a set of fields, in JSON and, where a seed sends forms (seed 4), as a form, where lists and objects are JSON
 * text. Forms are read everywhere, as `info` says; said of each operation they make clients in Go and Python three times as
 * large, and one generator of Python then takes a body that must be sent for one that need not.
 */
function fieldsBody(schema: Schema, example: unknown, forms: boolean): DocumentedOperation['requestBody'] {
  const structured = Object.entries(schema.properties ?? {}).filter(([, one]) =>
    ['array', 'object'].includes(String(one.type)),
  )
  const form: Media = { schema, ...(example === undefined ? {} : { example }) }
  const encoding = Object.fromEntries(structured.map(([name]) => [name, { contentType: 'application/json' }]))
  const encoded = structured.length > 0 ? { ...form, encoding } : form
  return {
    required: (schema.required ?? []).length > 0,
    content: {
      'application/json': form,
      ...(forms ? { 'application/x-www-form-urlencoded': encoded, 'multipart/form-data': encoded } : {}),
    },
  }
}

/** The body of an entry's request; `undefined` when no field of it comes from a body. */
export function bodyOf(entry: Endpoint, made: Generated): DocumentedOperation['requestBody'] {
  if (entry.bytes !== undefined)
    return {
      required: true,
      description: `At most ${entry.bytes} bytes.`,
      content: { [bytesType]: { schema: { ...bytesSchema, maxLength: entry.bytes } } },
    }
  const all = Object.entries(made.body?.properties ?? {})
  const properties = Object.fromEntries(all.filter(([name]) => !besideBody(entry, name)))
  if (Object.keys(properties).length === 0) return undefined
  if (entry.rawBody === undefined)
    return fieldsBody(
      { ...made.body, properties, additionalProperties: false },
      entry.example.input,
      entry.basic === true,
    )
  return rawBody(entry.rawBody, properties[entry.rawBody] ?? {}, entry.example.input?.[entry.rawBody])
}
