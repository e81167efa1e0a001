import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { health } from './health.ts'
import { testMail } from './testMail.ts'

export const instance: Verbs<typeof contract.instance> = { health, testMail }
