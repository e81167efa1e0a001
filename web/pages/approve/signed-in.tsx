import { LogIn } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { LinkButton } from '../../ui/button.tsx'
import css from './pending.module.css'
import type { Opened } from './reading.ts'

const Member = lazy(() => import('./member.tsx').then((file) => ({ default: file.Member })))

/** Where somebody signs in, and comes back from to this page. Behind #, so that no server and no referrer sees the link. */
const signIn = (token: string): string => `/sign-in#next=/a/${token}`

/** Who decides, where that matters: the way to sign in, or who is signed in. */
export function SignedIn({ token, approval }: { token: string; approval: Opened }) {
  const { needs, signed_in_as: who } = approval
  if (who)
    return (
      <Suspense fallback={null}>
        <Member approval={approval} who={who} signIn={signIn(token)} />
      </Suspense>
    )
  return needs.sign_in ? (
    <div className={css.ask}>
      <p>
        What is asked is shown to the people of the project, and one of them decides it by name. This page comes back
        when you have signed in.
      </p>
      <LinkButton here look="primary" href={signIn(token)} icon={<LogIn aria-hidden size={20} />}>
        Sign in to decide
      </LinkButton>
    </div>
  ) : null
}
