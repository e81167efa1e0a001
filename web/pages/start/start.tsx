import { LinkButton } from '../../ui/button.tsx'
import { Card, Shell } from '../../ui/shell.tsx'
import { Demo } from './demo.tsx'
import { Keys } from './keys.tsx'
import css from './start.module.css'

type Props = {
  demo: boolean
  setUp: boolean
  /** Whether anybody may share one-time secrets here. */
  guests: boolean
  origin: string
}

/** The first page of an instance: what this is, a demo that needs no account, and how to go on. */
export function Start({ demo, setUp, guests, origin }: Props) {
  return (
    <Shell
      side={
        <nav className={css.nav} aria-label="Documentation">
          <a href="/docs">Docs</a>
          <a href="/openapi.json">OpenAPI</a>
          {setUp && <a href="/sign-in">Sign in</a>}
        </nav>
      }
    >
      <div className={css.hero}>
        <h1>One place where scripts, CI jobs and AI agents meet a human.</h1>
        <p>
          They ask by a link. A person answers with one press, from any phone. The answer sets a value that they read.
          Every link works once, and every answer is recorded.
        </p>
      </div>
      <div className={css.parts}>
        {demo && (
          <Card className={css.part}>
            <h2>Try it now</h2>
            <Demo origin={origin} />
          </Card>
        )}
        {guests && (
          <Card className={css.part}>
            <h2>Share a secret</h2>
            <p className={css.lead}>A password, a key or a file, by a link that works once. No account is needed.</p>
            <div className={css.row}>
              <LinkButton here href="/share">
                Open the form
              </LinkButton>
            </div>
          </Card>
        )}
        <Card className={css.part}>
          <h2>Use it for real</h2>
          <Keys origin={origin} />
        </Card>
      </div>
    </Shell>
  )
}
