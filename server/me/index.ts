import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { get } from './get.ts'
import { rename } from './rename.ts'
import { revokeOtherSessions } from './revokeOtherSessions.ts'
import { revokeSession } from './revokeSession.ts'
import { sessions } from './sessions.ts'

export const me: Verbs<typeof contract.me> = { get, rename, sessions, revokeSession, revokeOtherSessions }
