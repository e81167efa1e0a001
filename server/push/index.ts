import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { get } from './get.ts'
import { subscribe } from './subscribe.ts'
import { test } from './test.ts'
import { unsubscribe } from './unsubscribe.ts'

export const push: Verbs<typeof contract.push> = { get, subscribe, unsubscribe, test }
