import { Check, Flame, Hourglass, KeyRound, Link2Off, LockKeyhole, TriangleAlert } from 'lucide-react'
import { useRef } from 'react'
import { Announce } from '../../ui/announce.tsx'
import { End } from '../../ui/end.tsx'
import type { Opened } from './reading.ts'

/** True when it became so while the page was open. */
export function useSwapped(ended: boolean): boolean {
  const was = useRef(ended)
  return ended && !was.current
}

const ends = {
  received: {
    icon: TriangleAlert,
    tone: 'warn',
    title: 'Read already',
    headline: 'This secret was read already',
    happened: 'It could be read once, and that has happened. Nothing of it is left here.',
    next: 'If it was not you, somebody else has had this link: tell whoever sent it, so that the secret is changed.',
  },
  burned: {
    icon: Flame,
    title: 'Burned',
    headline: 'This secret was burned',
    happened: 'It was taken back, and nobody has read it. Nothing of it is left here.',
    next: 'If you still need it, ask whoever sent it for a new link.',
  },
  expired: {
    icon: Hourglass,
    title: 'Expired',
    headline: 'This secret has expired',
    happened: 'Its time ran out before anybody read it. Nothing of it is left here.',
    next: 'If you still need it, ask whoever sent it for a new link.',
  },
} as const

type Props = {
  opened: Opened
  swapped: boolean
  /** A press of this page's own broke off before. */
  lost: boolean
}

/** A secret that nobody can read any more, when that happened, and what to do about it. */
export function Ended({ opened, swapped, lost }: Props) {
  const end = ends[opened.status === 'burned' || opened.status === 'expired' ? opened.status : 'received']
  return (
    <>
      <Announce urgent text={swapped ? `${end.headline}. ${end.happened}` : ''} />
      <End {...end} at={opened.ended_at} swapped={swapped}>
        {lost && opened.status === 'received' && (
          <p>The connection broke while you were reading it. It may have been you; its text did not arrive in time.</p>
        )}
      </End>
    </>
  )
}

/** It was on this page. */
export const Cleared = () => (
  <>
    <Announce text="The secret was cleared from this page." />
    <End
      icon={Check}
      tone="ok"
      title="Cleared"
      headline="You read this secret, and it is cleared"
      happened="It is no longer on this page, nor on the server, and cannot be shown again."
      next="If you copied it, it may still be in your clipboard. You can close this page."
      swapped
    />
  </>
)

/** It was given out, and what the link carries does not open it. */
export const Garbled = () => (
  <End
    icon={KeyRound}
    tone="warn"
    title="Not decrypted"
    headline="This link’s key does not open this secret"
    happened="The link was put together from two, or the secret was changed on its way. It is used up, and nobody has read it here."
    next="Ask whoever sent it for a new one."
    swapped
  />
)

/** `cut`: the part after # is missing or damaged. `unknown`: the server knows of no such secret. Nothing was asked for. */
export const Incomplete = ({ cut = false, unknown = false }: { cut?: boolean; unknown?: boolean }) => (
  <End
    icon={Link2Off}
    title={unknown ? 'Not found' : 'Incomplete link'}
    headline={unknown ? 'This link leads nowhere' : 'This link is incomplete'}
    happened={
      unknown
        ? 'A part of it may be wrong: some mail programs cut long links. Or the secret ended so long ago that nothing is known of it.'
        : cut
          ? 'What stands after # is missing or was cut off. It is the key, and only your link has it. The secret was not touched.'
          : 'Something is missing or was added. The secret was not touched.'
    }
    next="Copy the whole link again, to its last character, or ask whoever sent it to send it once more."
  />
)

/** Without HTTPS, browsers have no encryption to offer. */
export const Unable = () => (
  <End
    icon={LockKeyhole}
    tone="warn"
    title="Cannot be decrypted here"
    headline="Your browser cannot decrypt this here"
    happened="The secret is encrypted for the browser, which needs an address that begins with https. It was not touched."
    next="Open the link over https or in another browser, or tell whoever runs this service."
  />
)
