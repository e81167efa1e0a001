import { inZone } from '../clock.ts'
import { uri } from '../uri.ts'

type Handed = { link: string; expiresAt: string; passphrase: string; byBrowser: boolean }

/** The link with what its reader should know: that it opens once, until when, and what it means when it does not. */
export const withInstructions = ({ link, expiresAt, passphrase, byBrowser }: Handed): string =>
  [
    'A secret for you. Open this link when you are ready to keep what it shows:',
    link,
    '',
    `It opens once, until ${inZone(expiresAt)}.${passphrase === '' ? '' : ' It asks for a passphrase, which I send you another way.'}`,
    'If it says that it was read and that was not you, tell me at once: somebody else has it.',
    ...(byBrowser ? ['If it says that it is incomplete, its end was cut off on the way: copy the whole line.'] : []),
  ].join('\n')

/** The same as a mail that waits in the maker's own program. */
export const asMail = (handed: Handed): string =>
  uri('mailto:', { subject: 'A secret for you, to open once', body: withInstructions(handed) })
