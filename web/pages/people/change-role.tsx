import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { type Role, roles } from '../../../shared/roles.ts'
import { whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { nameOf, type Person } from './person.ts'
import { RoleField } from './role-field.tsx'

/** Changes what somebody may do; it holds from their next request on. */
export function ChangeRole({ person, close }: { person: Person; close: () => void }) {
  const { id, api, role: mine } = useProject()
  const [role, setRole] = useState<Role>(() => roles.find((one) => one === person.role) ?? 'VIEWER')
  const change = useChange({
    run: () => api.users.setRole.mutate({ userId: person.id, role }),
    says: `${nameOf(person)} is ${role} now.`,
    stale: [['people', id], whoAmI.queryKey],
    here: true,
    done: close,
  })
  return (
    <Dialog opened close={close} title={`Role of ${nameOf(person)}`}>
      <Stack gap="md">
        <RoleField value={role} change={setRole} mine={mine} error={change.at('role')} />
        <Problem fault={change.fault} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button loading={change.busy} disabled={role === person.role} onClick={() => void change.go()}>
            Change role
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
