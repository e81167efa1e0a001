import { contract } from '../../shared/contract/index.ts'
import { approvals } from '../approvals/index.ts'
import { demo } from '../demo/index.ts'
import { values } from '../values/index.ts'
import { serve } from './serve.ts'

/** One pipeline for each operation, which REST calls by its name and tRPC through the router. */
export const { router, pipelineOf } = serve(contract, { values, approvals, demo })

export type AppRouter = typeof router
