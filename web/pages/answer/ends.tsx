import { Check, CircleMinus, Hourglass, Link2Off, LockKeyhole } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { Announce } from '../../ui/announce.tsx'
import { End } from '../../ui/end.tsx'
import type { Ask } from './reading.ts'

/** The answer was taken from this page. */
export const Given = ({ ask }: { ask: Ask }) => (
  <End
    icon={Check}
    tone="ok"
    title="Sent"
    headline="The secret is sent"
    happened={`It is sealed for ${visible(ask.asked_by.name)}, who can read it once. You cannot read it back, and this link takes nothing more.`}
    next="If you copied it, it may still be in your clipboard. You can close this page."
    swapped
  />
)

const ends = {
  answered: {
    icon: Check,
    title: 'Answered',
    headline: 'This was answered already',
    happened: 'One answer is taken, and it is there. It cannot be read or changed by this link.',
    next: 'Nothing is left to do. If it was not you who answered, tell whoever asked.',
  },
  cancelled: {
    icon: CircleMinus,
    title: 'Cancelled',
    headline: 'This is no longer asked for',
    happened: 'Whoever asked has taken it back. Nothing was sent from here.',
    next: 'Nothing is left to do.',
  },
  expired: {
    icon: Hourglass,
    title: 'Expired',
    headline: 'This link has expired',
    happened: 'Its time was up before anybody answered. Nothing was sent from here.',
    next: 'If the secret is still needed, ask for a new link.',
  },
} as const

type Props = {
  ask: Ask
  status: Exclude<Ask['status'], 'open'>
  /** A sending of this page's own broke off before. */
  lost: boolean
}

/** An ask that takes no answer any more, and when that began. */
export const Ended = ({ ask, status, lost }: Props) => (
  <>
    <Announce urgent text={lost ? ends[status].headline : ''} />
    <End {...ends[status]} at={ask.ended_at} swapped={lost}>
      {lost && status === 'answered' && (
        <p>The connection broke while you were sending. If nobody else has this link, the answer is yours.</p>
      )}
    </End>
  </>
)

/** `cut`: the part after # is missing or damaged. `unknown`: the server knows of no such ask. */
export const Incomplete = ({ cut = false, unknown = false }: { cut?: boolean; unknown?: boolean }) => (
  <End
    icon={Link2Off}
    title={unknown ? 'Not found' : 'Incomplete link'}
    headline={unknown ? 'This link leads nowhere' : 'This link is incomplete'}
    happened={
      unknown
        ? 'A part of it may be wrong: some mail programs cut long links. Or it ended so long ago that nothing is known of it.'
        : cut
          ? 'What stands after # is missing or was cut off. Your answer is encrypted with it, so nothing can be sent.'
          : 'Something is missing or was added. Nothing was sent.'
    }
    next="Copy the whole link again, to its last character, or ask whoever sent it to send it once more."
  />
)

/** Without HTTPS, browsers have no encryption to offer. */
export const Unable = () => (
  <End
    icon={LockKeyhole}
    tone="warn"
    title="Cannot be encrypted here"
    headline="Your browser cannot encrypt this here"
    happened="The answer is to be encrypted by your browser, which needs an address that begins with https. Nothing was sent."
    next="Open the link over https or in another browser, or tell whoever runs this service."
  />
)
