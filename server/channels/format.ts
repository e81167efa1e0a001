import type { Target } from './sealing.ts'
import type { Notice } from './words.ts'

/** A request that brings a notice to a service. */
export type ToSend = {
  method: 'POST' | 'PATCH'
  url: string
  body: Record<string, unknown>
  headers?: Readonly<Record<string, string>>
}

/** A notice as a service wants it. `first`: how the service calls the message that this one may take the place of. */
export type Format = (notice: Notice, target: Target, first?: string) => ToSend
