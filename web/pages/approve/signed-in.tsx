import { LogIn } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { inWords } from '../../parts/named.ts'
import { LinkButton } from '../../ui/button.tsx'
import type { Opened } from './reading.ts'
import css from './signed-in.module.css'

/** Where somebody signs in, and comes back from to this page. Behind #, so that no server and no referrer sees the link. */
const signIn = (token: string): string => `/sign-in#next=/a/${token}`

/** Who decides, where that matters: the way to sign in, who is signed in, or who may decide instead. */
export function SignedIn({ token, approval }: { token: string; approval: Opened }) {
  const { needs, signed_in_as: who, deciders } = approval
  if (!who)
    return needs.sign_in ? (
      <div className={css.who}>
        <p>
          What is asked is shown to the people of the project, and one of them decides it by name. This page comes back
          when you have signed in.
        </p>
        <LinkButton here look="primary" href={signIn(token)} icon={<LogIn aria-hidden size={20} />}>
          Sign in to decide
        </LinkButton>
      </div>
    ) : null
  return (
    <div className={css.who} data-stopped={who.may_decide ? undefined : true}>
      <p>
        {who.may_decide ? 'You decide as ' : 'You are signed in as '}
        <strong>{visible(who.name)}</strong>. <a href={signIn(token)}>Not you?</a>
      </p>
      {!who.may_decide && (
        <p>
          <strong>You cannot decide this.</strong> {who.why_not}
        </p>
      )}
      {!who.may_decide && deciders && !approval.progress && <WhoMay named={deciders.named} count={deciders.count} />}
      {who.may_decide && deciders?.named && !approval.progress && (
        <WhoMay named={deciders.named} count={deciders.count} />
      )}
    </div>
  )
}

/** Who may decide, and a warning when nobody can at this moment. */
function WhoMay({ named, count }: { named: readonly string[] | null; count: number }) {
  const list = named === null ? 'any owner, admin or member of the project' : named.map(inWords).join(', ')
  return (
    <>
      <p>Who may decide: {visible(list)}.</p>
      {count === 0 && <p>Right now that is nobody. Tell whoever asked.</p>}
    </>
  )
}
