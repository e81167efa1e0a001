import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { accept } from './accept.ts'
import { join } from './join.ts'
import { open } from './open.ts'

export const invitations: Verbs<typeof contract.invitations> = { open, accept, join }
