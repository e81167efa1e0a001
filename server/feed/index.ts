import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { stream } from './stream.ts'

export const feed: Verbs<typeof contract.feed> = { stream }
