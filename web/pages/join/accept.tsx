import { Alert, Button, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { UserX } from 'lucide-react'
import { calls, clientOf, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { dropTicket } from '../../next.ts'
import { signOut } from '../../sign-in.ts'
import { Problem } from '../../ui/problem.tsx'

type Props = { token: string; email: string; me: { name: string; email: string } }

/** Accepts with the account that is signed in; its address must be the invited one. */
export function Accept({ token, email, me }: Props) {
  const navigate = useNavigate()
  const accept = useChange({
    run: () => clientOf().invitations.accept.mutate({ token }),
    here: true,
    done: async ({ project_id }) => {
      dropTicket('join')
      await calls.resetQueries({ queryKey: whoAmI.queryKey })
      await navigate({ to: '/p/$project', params: { project: project_id } })
    },
  })
  const leave = useChange({ run: signOut, done: () => location.reload() })
  if (me.email !== email)
    return (
      <Alert color="yellow" icon={<UserX aria-hidden />} title="This invitation is for another address">
        <Stack gap="sm" align="flex-start">
          <p>
            You are signed in as {me.email}. Sign out to join as {email}, or ask for an invitation to {me.email}.
          </p>
          <Button variant="default" loading={leave.busy} onClick={() => void leave.go()}>
            Sign out
          </Button>
        </Stack>
      </Alert>
    )
  return (
    <Stack gap="md">
      <p>
        You are signed in as {me.name} ({me.email}).
      </p>
      <Problem fault={accept.fault} />
      <Button size="md" loading={accept.busy} onClick={() => void accept.go()} fullWidth>
        Join
      </Button>
    </Stack>
  )
}
