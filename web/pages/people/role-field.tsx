import { Radio } from '@mantine/core'
import { atLeast, type Role, roles, roleWords } from '../../../shared/roles.ts'
import css from './people.module.css'

const words: Readonly<Record<Role, string>> = { VIEWER: 'Viewer', MEMBER: 'Member', ADMIN: 'Admin', OWNER: 'Owner' }

type Props = { value: Role; change: (role: Role) => void; mine: Role; error?: string | undefined }

/** Roles, each with what it may do; none above one's own can be given. */
export const RoleField = ({ value, change, mine, error }: Props) => (
  <Radio.Group
    label="Role"
    value={value}
    error={error}
    onChange={(next) => {
      const role = roles.find((one) => one === next)
      if (role) change(role)
    }}
  >
    <div className={css.roles}>
      {roles.map((role) => (
        <Radio
          key={role}
          value={role}
          label={words[role]}
          description={atLeast(mine, role) ? roleWords[role] : `${roleWords[role]} Only an owner can give it.`}
          disabled={!atLeast(mine, role)}
        />
      ))}
    </div>
  </Radio.Group>
)
