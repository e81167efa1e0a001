import { Alert, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MailQuestion } from 'lucide-react'
import { useState } from 'react'
import { roleWords } from '../../../shared/roles.ts'
import { clientOf, instanceState } from '../../call.ts'
import { takeTicket } from '../../next.ts'
import { inZone } from '../../parts/clock.ts'
import { faultOf } from '../../parts/fault.ts'
import { readingOf } from '../../parts/query.ts'
import { Door } from '../../ui/door.tsx'
import { Failure } from '../../ui/failed.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { LandedWith } from '../sign-in/landed.tsx'
import { Accept } from './accept.tsx'
import { NewAccount } from './new-account.tsx'
import { useSignedIn } from './signed-in.ts'

/** What an invitation's link opens: who invites whom as what, and every way to come in. */
export function Join() {
  const [token] = useState(() => takeTicket('join'))
  if (token === undefined)
    return (
      <Gone title="This link is not complete">
        An invitation’s link ends with 26 letters and digits after #. Copy the whole of it.
      </Gone>
    )
  return <Invitation token={token} />
}

const Gone = ({ title, children }: { title: string; children: string }) => (
  <Door title={title} lead={children}>
    <Button variant="default" renderRoot={(props) => <Link {...props} to="/sign-in" />}>
      Sign in
    </Button>
  </Door>
)

function Invitation({ token }: { token: string }) {
  const found = readingOf(
    useQuery({
      queryKey: ['invitation', token],
      queryFn: () => clientOf().invitations.open.mutate({ token }),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  )
  const { data: instance } = useQuery(instanceState)
  const me = useSignedIn()
  if (found.error && !found.data) {
    const { code, message } = faultOf(found.error)
    if (code === 'INVITATION_GONE') return <Gone title="This invitation is over">{message}</Gone>
    if (code === 'NOT_FOUND')
      return <Gone title="There is no such invitation">Part of the link may be missing; copy the whole of it.</Gone>
    return (
      <Door title="Invitation">
        <Failure error={found.error} retry={found.retry} />
      </Door>
    )
  }
  if (!found.data || !instance || me === 'asking')
    return (
      <Door title="Invitation">
        <Waiting rows={4} />
      </Door>
    )
  const { project, email, role, invited_by, expires_at, known } = found.data
  return (
    <Door title={`Join ${project}`} lead={`${invited_by} invites ${email} as ${role}: ${roleWords[role]}`}>
      <LandedWith />
      {me ? (
        <Accept token={token} email={email} me={me} />
      ) : known ? (
        <Alert color="blue" icon={<MailQuestion aria-hidden />} title="You have an account already">
          Sign in as {email} to accept.
          {/* The ticket stays with this tab (`takeTicket`), so the way back needs no secret in an address. */}
          <p>
            <Button mt="sm" renderRoot={(props) => <Link {...props} to="/sign-in" hash="next=%2Fjoin" />}>
              Sign in
            </Button>
          </p>
        </Alert>
      ) : (
        <NewAccount token={token} email={email} github={instance.github} />
      )}
      <p className="dialog-lead">Valid until {inZone(expires_at)}.</p>
    </Door>
  )
}
