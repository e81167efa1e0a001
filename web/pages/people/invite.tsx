import { Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Role } from '../../../shared/roles.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmailField } from '../../ui/email-field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { InvitationLink, type Sent } from './invitation-link.tsx'
import { RoleField } from './role-field.tsx'

/** Invites by mail, and with a link to copy: once by either. */
export function Invite({ opened, close }: { opened: boolean; close: () => void }) {
  const { id, api, role: mine } = useProject()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('MEMBER')
  const [sent, setSent] = useState<Sent>()
  const invite = useChange({
    run: () => api.users.invite.mutate({ email, role }),
    stale: [['people', id]],
    here: true,
    done: ({ url, mailed, expires_at }) => setSent({ email, url, mailed, expires_at }),
  })
  const leave = () => {
    setSent(undefined)
    setEmail('')
    invite.forget()
    close()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void invite.go()
  }
  return (
    <Dialog opened={opened} close={leave} title={sent ? 'Invited' : 'Invite somebody'}>
      {sent ? (
        <InvitationLink sent={sent} done={leave} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="md">
            <EmailField value={email} change={setEmail} error={invite.at('email')} autoComplete="off" autoFocus />
            <RoleField value={role} change={setRole} mine={mine} error={invite.at('role')} />
            {invite.fault && invite.fault.issues.length === 0 && <Problem fault={invite.fault} />}
            <Button type="submit" loading={invite.busy}>
              Invite
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
