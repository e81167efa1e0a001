import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'

/** What seed 4's clients ask first. */
export const status: Verb<typeof contract.secrets.status> = async () => ({ status: 'nominal' })
