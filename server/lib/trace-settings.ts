import { z } from 'zod'

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/** `name=value` split by commas, values percent-encoded where they must be, as OpenTelemetry writes headers and attributes. */
const pairs = z.string().transform((text, ctx): Readonly<Record<string, string>> => {
  try {
    const entries = text.split(',').map((one) => /^\s*([\w.-]+)\s*=\s*([\x21-\x7e]*)\s*$/.exec(one)?.slice(1) ?? [])
    if (entries.every(([name]) => name !== undefined))
      return Object.fromEntries(entries.map(([name, value = '']) => [name, decodeURIComponent(value)]))
  } catch {
    // A broken percent-encoding is a fault like any other.
  }
  ctx.addIssue({ code: 'custom', message: 'must be name=value split by commas.' })
  return z.NEVER
})

const httpUrl = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/[?#]/.test(value),
    'must be an http or https URL, as http://localhost:4318.',
  )

/** The variables of OpenTelemetry that mean something here, by its own names. */
export const traceVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional().meta({
    description: 'Collector that traces are sent to by OTLP over HTTP, `http://localhost:4318`; `/v1/traces` is added.',
    otherwise: 'no traces; nothing of OpenTelemetry is loaded',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.optional().meta({
    description: 'Headers for the collector, `name=value,…`.',
    otherwise: 'none',
  }),
  OTEL_SERVICE_NAME: z.string().min(1).max(200).prefault('countersign').meta({ description: 'Name in traces.' }),
  OTEL_RESOURCE_ATTRIBUTES: pairs.optional().meta({
    description: 'What else each trace says of this node, `service.instance.id=node-1,…`.',
    otherwise: 'none',
  }),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers, `must be one of ${samplers.join(', ')}.`)
    .prefault('parentbased_always_on')
    .meta({ description: `Which requests are traced: ${samplers.join(', ')}.` }),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0|1|0?\.\d{1,9}|1\.0|0\.0)$/, 'must be a number from 0 to 1.')
    .transform(Number)
    .prefault('1')
    .meta({ description: 'The share of requests for the samplers by ratio.' }),
}

/** What traces are made with; undefined when nobody wants any. */
export type TraceSettings = Readonly<{
  /** Without `/v1/traces`. */
  endpoint: string
  headers: Readonly<Record<string, string>>
  service: string
  attributes: Readonly<Record<string, string>>
  sampler: (typeof samplers)[number]
  /** From 0 to 1. */
  ratio: number
}>

type Read = z.output<z.ZodObject<typeof traceVariables>>

export const tracesOf = (env: Read): TraceSettings | undefined =>
  env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
    ? undefined
    : {
        endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
        headers: env.OTEL_EXPORTER_OTLP_HEADERS ?? {},
        service: env.OTEL_SERVICE_NAME,
        attributes: env.OTEL_RESOURCE_ATTRIBUTES ?? {},
        sampler: env.OTEL_TRACES_SAMPLER,
        ratio: env.OTEL_TRACES_SAMPLER_ARG,
      }
