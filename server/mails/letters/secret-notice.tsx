import type { NamedSecret } from '../mail.ts'
import { Facts } from './letter.tsx'
import { asName, oneLine } from './words.ts'

/** Which secret a notice is about, as its maker named it. */
export const WhichSecret = ({ of: { id, project, memo, recipient } }: { of: NamedSecret }) => (
  <Facts
    of={[
      ['Name', memo && asName(memo)],
      ['Mailed to', recipient && asName(recipient)],
      ['Project', asName(project)],
      ['Id', id],
    ]}
  />
)

/** A subject that names the secret where its maker did: `Your secret was read: staging`. */
export const about = (subject: string, { memo }: NamedSecret): string =>
  memo ? `${subject}: ${asName(oneLine(memo, 60))}` : subject

export const askedFor = 'You get this because whoever made the secret wanted this address to be told.'
