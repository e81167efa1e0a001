import type { contract } from '../../shared/contract/index.ts'
import type { Verbs } from '../verb.ts'
import { disable } from './disable.ts'
import { invite } from './invite.ts'
import { leave } from './leave.ts'
import { list } from './list.ts'
import { resend } from './resend.ts'
import { setRole } from './setRole.ts'
import { uninvite } from './uninvite.ts'

export const users: Verbs<typeof contract.users> = { list, invite, uninvite, disable, resend, setRole, leave }
