import type { ReactNode } from 'react'
import { inZone } from '../../parts/clock.ts'
import { HandOn } from '../../parts/share/hand-on.tsx'
import { uri } from '../../parts/uri.ts'
import { CopyLine } from '../../ui/copy.tsx'
import type { Asked } from './ask-form.ts'
import css from './secrets.module.css'

/** What goes along with the link to answer by. */
const instructionsFor = ({ title, send, expiresAt, byBrowser }: Asked): string =>
  [
    `I need a secret from you: ${title}`,
    'Open this link and fill it in there. Only I can read it, once; the link shows it to nobody:',
    send,
    '',
    `It takes one answer, until ${inZone(expiresAt)}.`,
    ...(byBrowser ? ['If it says that it is incomplete, its end was cut off on the way: copy the whole line.'] : []),
  ].join('\n')

/** A new ask's two links, shown once: one to send, one to keep. */
export const AskedSecret = ({ asked, children }: { asked: Asked; children: ReactNode }) => (
  <div className={css.form}>
    <section className={css.part}>
      <h2>Send this link</h2>
      <p>
        To who has the secret. It takes one answer, until{' '}
        <time dateTime={asked.expiresAt}>{inZone(asked.expiresAt)}</time>, and shows it to nobody.
      </p>
      <CopyLine text={asked.send} what="the link to send" />
      <HandOn
        link={asked.send}
        title={`I need a secret from you: ${asked.title}`}
        instructions={instructionsFor(asked)}
        mail={uri('mailto:', { subject: 'I need a secret from you', body: instructionsFor(asked) })}
      />
    </section>
    <section className={`${css.part} ${css.keep}`}>
      <h2>Keep this link</h2>
      <p>
        It reads the answer, once. Store it where you find it again: without it nobody can read the answer, you and this
        service included.
      </p>
      <CopyLine text={asked.keep} what="the link to keep" />
    </section>
    <div className={css.buttons}>{children}</div>
  </div>
)
