import type { Log } from './log.ts'
import { describeError } from './mishap.ts'
import type { TraceSettings } from './trace-settings.ts'

/** What a span may say: words of ours, templates and numbers. Nothing that somebody sent: links are capabilities. */
export type Attributes = Readonly<Record<string, string | number>>

export type SpanKind = 'server' | 'client' | 'consumer' | 'internal'

export type Span = {
  /** Runs work so that spans which begin in it, also later, are this one's. */
  within<Answer>(work: () => Answer): Answer
  set(attributes: Attributes): void
  /** `fault`: the kind of a failure of ours, never its message. */
  end(fault?: string): void
}

/** What follows a request through this node; only there when a collector is set. */
export type Traces = {
  /** Begins a span in the one around it, or else in the caller's own (`traceparent`), or else a trace. */
  begin(name: string, kind: SpanKind, attributes?: Attributes, traceparent?: string): Span
  /** Whether there is a span around what runs now. */
  isWithin(): boolean
  /** Sends what is there, for at most 3 s. */
  close(): Promise<void>
}

/** Loads OpenTelemetry, which no node does that was not asked to. */
export async function openTraces(settings: TraceSettings, log: Log): Promise<Traces> {
  const { sendingTraces } = await import('./trace-otel.ts')
  return sendingTraces(settings, log)
}

/** Runs work in a span, where there are traces. */
export async function spanned<Answer>(
  traces: Traces | undefined,
  name: string,
  kind: SpanKind,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (!traces) return work()
  const span = traces.begin(name, kind)
  try {
    const answer = await span.within(work)
    span.end()
    return answer
  } catch (error) {
    span.end(describeError(error).type)
    throw error
  }
}
