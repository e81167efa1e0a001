import { useQuery } from '@tanstack/react-query'
import { atLeast } from '../../../../shared/roles.ts'
import { visible } from '../../../../shared/visible.ts'
import type { Answers } from '../../../api.ts'
import { whoAmI } from '../../../call.ts'
import { useProject } from '../../../project.tsx'

export type Account = Answers['accounts']['get']

/** What an account is called where it stands alone. */
export const nameOf = ({ issuer, name }: Pick<Account, 'issuer' | 'name'>): string =>
  visible(issuer === '' || issuer === name ? name : `${issuer}: ${name}`)

/** What whoever is signed in may do with an account; the server holds to the same. */
export function useRights({ access, owner }: Account) {
  const { role } = useProject()
  const { data: me } = useQuery(whoAmI)
  const writes = atLeast(role, 'MEMBER')
  return {
    /** Edits it, grants it, reads its log. */
    manages: writes && access.role === 'manager',
    /** Hands it on and deletes it. */
    owns: writes && (atLeast(role, 'ADMIN') || (owner !== null && owner.id === me?.id)),
    /** Sees its seed. */
    exports: atLeast(role, 'ADMIN'),
  }
}
