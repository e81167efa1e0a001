import type { z } from 'zod'
import type { Contract } from '../../shared/contract/index.ts'
import type { RefusalDetails } from '../../shared/errors.ts'

/** The operations of the contract that the tools are made of. */
type Operations = {
  'permissions.request': Contract['permissions']['request']
  'permissions.get': Contract['permissions']['get']
  'permissions.use': Contract['permissions']['use']
  'approvals.create': Contract['approvals']['create']
  'approvals.get': Contract['approvals']['get']
  'approvals.release': Contract['approvals']['release']
  'accounts.list': Contract['accounts']['list']
  'accounts.codes': Contract['accounts']['codes']
  'secrets.share': Contract['secrets']['share']
  'values.get': Contract['values']['get']
}

export type OperationName = keyof Operations

export type Input<Name extends OperationName> = z.input<Operations[Name]['input']>

/** What an operation answers; of a value its text alone, which is all that every door has. */
export type Output<Name extends OperationName> = Name extends 'values.get'
  ? { value: string }
  : z.output<Operations[Name]['output']>

/** Calls an operation as whoever holds the key, whichever door it is. @throws {CallFault} for every no */
export type Call = <Name extends OperationName>(
  name: Name,
  input: Input<Name>,
  signal: AbortSignal,
) => Promise<Output<Name>>

type Facts = { details?: RefusalDetails | undefined; retryAfter?: number | undefined; cause?: unknown }

/** A no, with the code and the sentence that REST has for it; `retryAfter` in seconds. */
export class CallFault extends Error {
  readonly code: string
  readonly details: RefusalDetails | undefined
  readonly retryAfter: number | undefined

  constructor(code: string, sentence: string, { details, retryAfter, cause }: Facts = {}) {
    super(sentence, { cause })
    this.name = 'CallFault'
    this.code = code
    this.details = details
    this.retryAfter = retryAfter
  }
}
