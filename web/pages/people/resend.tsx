import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { InvitationLink, type Sent } from './invitation-link.tsx'
import type { Person } from './person.ts'

/** Makes the link anew, mails it where mail is sent, and shows it once. */
export function Resend({ person, close }: { person: Person; close: () => void }) {
  const { id, api } = useProject()
  const [sent, setSent] = useState<Sent>()
  const resend = useChange({
    run: () => api.users.resend.mutate({ invitationId: person.id }),
    stale: [['people', id]],
    here: true,
    done: (made) => setSent({ email: person.email, ...made }),
  })
  return (
    <Dialog opened close={close} title={`Invitation of ${person.email}`}>
      {sent ? (
        <InvitationLink sent={sent} done={close} />
      ) : (
        <Stack gap="md">
          <p>A new link is made and mailed, where this instance sends mail. The one that was sent before ends.</p>
          <Problem fault={resend.fault} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus>
              Cancel
            </Button>
            <Button loading={resend.busy} onClick={() => void resend.go()}>
              Make a new link
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
