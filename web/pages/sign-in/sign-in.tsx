import { Alert, Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { calls, instanceState, whoAmI } from '../../call.ts'
import { nextIn } from '../../next.ts'
import { Door } from '../../ui/door.tsx'
import { LandedWith } from './landed.tsx'
import { Proof } from './proof.tsx'

/** The way in. Goes on to where the address' fragment says, when that is a path of ours. */
export function SignIn() {
  const router = useRouter()
  const { data: instance } = useQuery(instanceState)
  const next = nextIn(location.hash)
  const done = async () => {
    await calls.resetQueries({ queryKey: whoAmI.queryKey })
    // An approval's page is no part of the dashboard: it is loaded, not drawn.
    if (next.startsWith('/p') || next.startsWith('/account')) router.history.push(next)
    else location.assign(next)
  }
  return (
    <Door title="Sign in">
      <LandedWith />
      {instance?.open && (
        <Alert color="blue">
          Nobody has set this instance up yet. The link that does it is in the log of its first start; it begins with{' '}
          {instance.public_url}/setup
        </Alert>
      )}
      <Proof remember github={instance?.github ? { next } : undefined} done={() => void done()} />
      <p>
        <Anchor renderRoot={(props) => <Link {...props} to="/reset-password" />}>Forgot the password?</Anchor>
      </p>
    </Door>
  )
}
