import { approvals } from './approvals.ts'
import { demo } from './demo.ts'
import type { Feature } from './endpoint.ts'
import { values } from './values.ts'

/** The whole public surface. A name here is a file under `server/`, a tRPC path and an `operationId`. */
export const contract = { values, approvals, demo } satisfies Record<string, Feature>

export type Contract = typeof contract
