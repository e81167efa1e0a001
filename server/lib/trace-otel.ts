import { AsyncLocalStorage } from 'node:async_hooks'
import * as api from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { version } from '../../package.json'
import { within } from './deadline.ts'
import type { Log } from './log.ts'
import type { Attributes, Span, SpanKind, Traces } from './trace.ts'
import type { TraceSettings } from './trace-settings.ts'

/** A collector gets so long (ms) for a batch, and at the end for all that is left. What waits is bounded, and dropped beyond. */
const [patience, lastMs] = [2500, 3000]
const queue = { maxQueueSize: 4096, maxExportBatchSize: 512, scheduledDelayMillis: 1000, exportTimeoutMillis: lastMs }

/** An absent collector is told of once in this time (ms). */
const sayEveryMs = 60_000

const kinds: Record<SpanKind, api.SpanKind> = {
  server: api.SpanKind.SERVER,
  client: api.SpanKind.CLIENT,
  consumer: api.SpanKind.CONSUMER,
  internal: api.SpanKind.INTERNAL,
}

function samplerOf({ sampler, ratio }: TraceSettings): Sampler {
  const root = /always_on$/.test(sampler)
    ? new AlwaysOnSampler()
    : /always_off$/.test(sampler)
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio)
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}

function exporterOf({ endpoint, headers }: TraceSettings, log: Log): SpanExporter {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: patience,
  })
  let said = Number.NEGATIVE_INFINITY
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error && performance.now() - said > sayEveryMs) {
          said = performance.now()
          log.warn({ job: 'traces', err: result.error }, 'The collector of traces did not take them; they are dropped')
        }
        // Told of above: the library would tell it once more, in words of its own.
        done({ code: 0 })
      }),
    shutdown: () => exporter.shutdown(),
  }
}

/** The caller's span by W3C Trace Context; anything else than one is none. */
function parentIn(traceparent: string | undefined): api.Context {
  const [, traceId = '', spanId = '', flags = ''] =
    /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(traceparent ?? '') ?? []
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return api.ROOT_CONTEXT
  const traceFlags = Number.parseInt(flags, 16) & api.TraceFlags.SAMPLED
  return api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

/** Sends spans to a collector, in batches and off the way of every request. */
export function sendingTraces(settings: TraceSettings, log: Log): Traces {
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        'service.version': version,
        ...settings.attributes,
        'service.name': settings.service,
      }),
    ),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor(exporterOf(settings, log), queue)],
  })
  const tracer = provider.getTracer('countersign', version)
  // Not the library's global: several worlds can be in one process.
  const around = new AsyncLocalStorage<api.Context>()
  return {
    begin(name, kind, attributes: Attributes = {}, traceparent): Span {
      const parent = around.getStore() ?? parentIn(traceparent)
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes: { ...attributes } }, parent)
      const context = api.trace.setSpan(parent, span)
      return {
        within: (work) => around.run(context, work),
        set: (more) => void span.setAttributes({ ...more }),
        end(fault) {
          if (fault !== undefined) span.setAttribute('error.type', fault).setStatus({ code: api.SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    isWithin: () => around.getStore() !== undefined,
    close: () => within(lastMs, provider.shutdown()).catch(() => undefined),
  }
}
