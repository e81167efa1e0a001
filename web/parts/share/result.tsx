import type { ReactNode } from 'react'
import { visible } from '../../../shared/visible.ts'
import { CopyLine } from '../../ui/copy.tsx'
import { inZone } from '../clock.ts'
import { HandOn } from './hand-on.tsx'
import type { Shared } from './send.ts'
import css from './share.module.css'
import { asMail, withInstructions } from './words.ts'

type Props = { shared: Shared; children: ReactNode }

/** A new secret's two links, shown once: one to share, one to keep. */
export const SharedSecret = ({ shared, children }: Props) => (
  <div className={css.form}>
    <section className={css.part}>
      <h2>Share this link</h2>
      <p>
        Opens the secret once, until <time dateTime={shared.expiresAt}>{inZone(shared.expiresAt)}</time>. It is shown
        here only.{' '}
        {shared.byBrowser &&
          'What stands behind the # is the key, and nobody else has it: a link that was cut opens nothing.'}
      </p>
      <CopyLine text={shared.link} what="the link" />
      <HandOn
        link={shared.link}
        title="A secret for you, to open once"
        instructions={withInstructions(shared)}
        mail={asMail(shared)}
      />
      {shared.recipient !== undefined && <p className={css.note}>It is also mailed to {visible(shared.recipient)}.</p>}
    </section>
    {shared.passphrase !== '' && (
      <section className={css.once}>
        <h2>The passphrase</h2>
        <p>Send it another way than the link, by phone or another program: whoever has both can read the secret.</p>
        <CopyLine text={shared.passphrase} what="the passphrase" />
      </section>
    )}
    <section className={css.part}>
      <h2>Private receipt, keep</h2>
      <p>
        Shows whether the secret was read, and burns it before. Not for the recipient
        {shared.byBrowser ? '.' : ': while nobody has read the secret, it shows the link again.'}
      </p>
      <CopyLine text={shared.receipt} what="the receipt" />
    </section>
    <div className={css.buttons}>{children}</div>
  </div>
)
