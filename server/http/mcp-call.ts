import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { contract } from '../../shared/contract/index.ts'
import { errors, type Refusal } from '../../shared/errors.ts'
import { type Call, CallFault, type OperationName, type Output } from '../mcp/call.ts'
import type { DoorCtx } from '../rpc/admit.ts'
import { refusalOf } from '../rpc/fault.ts'
import { pipelineOf } from '../rpc/router.ts'
import { logFault } from './replies.ts'
import type { Trace } from './trace.ts'

function entryOf(name: OperationName): Endpoint | undefined {
  const features: Record<string, Record<string, Endpoint>> = contract
  const [feature = '', verb = ''] = name.split('.')
  return features[feature]?.[verb]
}

/** A refusal as the tools know it. */
export const faultOf = (refusal: Refusal): CallFault =>
  new CallFault(refusal.code, refusal.message, { details: refusal.details, retryAfter: refusal.retryAfter })

/** Calls operations by the pipelines that REST runs: who is it, may it, how often, and all the rest as there. */
export function calling(door: DoorCtx, trace: Trace): Call {
  return async <Name extends OperationName>(name: Name, input: unknown, signal: AbortSignal) => {
    const { keyText, ...ctx } = door
    try {
      const given = entryOf(name)?.keyText ? { ...ctx, keyText, signal } : { ...ctx, signal }
      return (await pipelineOf(name)(given, input)) as Output<Name> // parsed by the entry's own schema
    } catch (thrown) {
      const refusal = refusalOf(thrown)
      trace.code = refusal.code
      if (errors[refusal.code].status >= 500) logFault(door.world, door.requestId, '/mcp', refusal)
      throw faultOf(refusal)
    }
  }
}
