import { Lock } from 'lucide-react'
import { LinkButton } from '../../ui/button.tsx'
import { Row, Sheet } from '../../ui/sheet.tsx'
import { Shell } from '../../ui/shell.tsx'

/** What stands here while this instance takes no secrets from guests. */
export const Off = () => (
  <Shell>
    <Sheet icon={Lock} headline="Guests cannot share secrets here">
      <p>
        This instance takes one-time secrets from its members only. Sign in and share one from your project, or ask
        whoever runs the instance to switch guests on.
      </p>
      <Row>
        <LinkButton here look="primary" href="/sign-in">
          Sign in
        </LinkButton>
        <LinkButton here href="/">
          What is this?
        </LinkButton>
      </Row>
    </Sheet>
  </Shell>
)
