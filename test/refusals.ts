import { refusalOf } from '../server/rpc/fault.ts'
import type { FieldIssue } from '../shared/errors.ts'

/** How a call ended: the code it was refused with, or `done`. */
export const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (thrown: unknown) => refusalOf(thrown).code,
  )

/** The paths of the fields a call was refused for; empty when it was not refused for a field. */
export const faultyFields = (call: Promise<unknown>): Promise<string[]> =>
  call.then(
    () => [],
    (thrown: unknown) => (refusalOf(thrown).issues ?? []).map((issue: FieldIssue) => issue.path),
  )

/** What a call was refused with; throws when it was not refused. */
export const refusalIn = (call: Promise<unknown>) =>
  call.then(
    () => Promise.reject(new Error('It was not refused.')),
    (thrown: unknown) => refusalOf(thrown),
  )
