import { Button, Stack } from '@mantine/core'
import { inZone } from '../../parts/clock.ts'
import { CopyLine } from '../../ui/copy.tsx'

export type Sent = { email: string; url?: string | undefined; mailed: boolean; expires_at: string | null }

/** The link of an invitation, which is shown once, and whether a mail carries it as well. */
export const InvitationLink = ({
  sent: { email, url, mailed, expires_at },
  done,
}: {
  sent: Sent
  done: () => void
}) => (
  <Stack gap="md">
    <p>
      {mailed
        ? `A mail with the link is on its way to ${email}. You can pass the link on yourself as well.`
        : `This instance sends no mail: pass the link on to ${email} yourself.`}{' '}
      It works once, for this address{expires_at && `, until ${inZone(expires_at)}`}.
    </p>
    {url && <CopyLine what="the invitation link" text={url} />}
    <Button onClick={done} data-autofocus>
      Done
    </Button>
  </Stack>
)
