import { visible } from '../../../shared/visible.ts'
import { Fault } from '../../parts/fault.ts'
import { inWords } from '../../parts/named.ts'
import { provePasskey } from '../../parts/prove-passkey.ts'
import { releaseSentence } from '../../parts/release-words.ts'
import { Together } from '../../parts/together.tsx'
import css from './member.module.css'
import type { Opened } from './reading.ts'

/* What only signed-in people see of a request. It is loaded when there is one, so that nobody else carries its weight. */

/** What proves who decides, as a decision brings it. Throws a Fault when the ceremony was broken off: nothing is sent then. */
export async function proofOf(
  action_hash: string,
  passkeys: readonly string[] = [],
): Promise<{ passkey?: Record<string, unknown> }> {
  // Whoever has none is told so by the server, which says what to do.
  if (passkeys.length === 0) return {}
  try {
    return { passkey: { ...(await provePasskey(action_hash, passkeys)) } }
  } catch {
    throw new Fault('PASSKEY_REQUIRED', 'No passkey was used, so nothing was sent. Press again to try once more.')
  }
}

/** What leaves with a yes, and to whom. */
export const Leaves = ({ release }: { release: NonNullable<Opened['release']> }) => (
  <p className={css.leaves}>{releaseSentence(release)}</p>
)

type Props = { approval: Opened; who: NonNullable<Opened['signed_in_as']>; signIn: string }

/** Who decides: the reader, or who may instead; and how far those have come who must agree. */
export function Member({ approval, who, signIn }: Props) {
  const { deciders, progress } = approval
  return (
    <>
      <div className={css.who} data-stopped={who.may_decide ? undefined : true}>
        <p>
          {who.may_decide ? 'You decide as ' : 'You are signed in as '}
          <strong>{visible(who.name)}</strong>. <a href={signIn}>Not you?</a>
        </p>
        {!who.may_decide && (
          <p>
            <strong>You cannot decide this.</strong> {who.why_not}
          </p>
        )}
        {approval.needs.passkey && who.may_decide && who.passkeys?.length === 0 && (
          <p>
            <strong>This asks for a passkey, and you have none.</strong> <a href="/account">Add one in your account</a>,
            then reload this page.
          </p>
        )}
        {!progress && deciders && (deciders.named || !who.may_decide) && <WhoMay {...deciders} />}
      </div>
      {progress && <Together of={{ ...approval, progress }} mine={who.vote} />}
    </>
  )
}

/** Who may decide, and a warning when nobody can at this moment. */
function WhoMay({ named, count }: NonNullable<Opened['deciders']>) {
  const list = named === null ? 'any owner, admin or member of the project' : named.map(inWords).join(', ')
  return (
    <>
      <p>Who may decide: {visible(list)}.</p>
      {count === 0 && <p>Right now that is nobody. Tell whoever asked.</p>}
    </>
  )
}
