import { contract } from '../../shared/contract/index.ts'
import { approvals } from '../approvals/index.ts'
import { demo } from '../demo/index.ts'
import { values } from '../values/index.ts'
import { serve } from './serve.ts'

/** The one pipeline behind both doors. */
export const router = serve(contract, { values, approvals, demo })

export type AppRouter = typeof router
