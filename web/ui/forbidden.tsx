import { Lock } from 'lucide-react'
import { type Role, roleWords } from '../../shared/roles.ts'
import { Empty } from './empty.tsx'

const named: Readonly<Record<Role, string>> = {
  VIEWER: 'a viewer',
  MEMBER: 'a member',
  ADMIN: 'an admin',
  OWNER: 'an owner',
}

/** What stands in place of what the reader's role does not open: which role does, and who can grant it. */
export const Forbidden = ({ needs, role, what }: { needs: Role; role: Role; what: string }) => (
  <Empty icon={<Lock aria-hidden size={22} />} title={`${what} needs the role ${needs}`}>
    <p>
      You are {named[role]} here: {roleWords[role].toLowerCase().replace(/\.$/, '')}. An{' '}
      {needs === 'OWNER' ? 'owner' : 'admin or owner'} of this project can change your role under People.
    </p>
  </Empty>
)
