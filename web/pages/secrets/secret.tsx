import { Check, Clock, FileLock2, Flame, Hourglass, KeyRound, Lock, TriangleAlert } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { sizeOf } from '../../parts/save.ts'
import { Mark } from '../../ui/mark.tsx'
import css from './secrets.module.css'

export type Secret = Answers['secrets']['list']['items'][number]

/** What a state is called. */
export const stateWords = {
  new: 'Not read yet',
  viewed: 'Not read, receipt seen',
  received: 'Read',
  burned: 'Burned',
  expired: 'Expired unread',
} as const satisfies Record<Secret['state'], string>

const looks = {
  new: { icon: Hourglass, tone: 'info' },
  viewed: { icon: Hourglass, tone: 'info' },
  received: { icon: Check, tone: 'ok' },
  burned: { icon: Flame, tone: 'quiet' },
  expired: { icon: Clock, tone: 'quiet' },
} as const

/** Whether it can still be read, and burned. */
export const isLive = ({ state }: Secret): boolean => state === 'new' || state === 'viewed'

/** What a secret is called in a list: its name, or its id. Nothing of it opens anything. */
export const nameOf = ({ memo, secret_id }: Secret): string => (memo ? visible(memo) : secret_id)

export const StateMark = ({ state }: { state: Secret['state'] }) => <Mark {...looks[state]}>{stateWords[state]}</Mark>

/** What belongs to it: who encrypted it, a passphrase, a file; and that somebody came too late. */
export const Marks = ({ of }: { of: Secret }) => (
  <div className={css.marks}>
    {of.contested && (
      <Mark icon={TriangleAlert} tone="bad">
        Contested
      </Mark>
    )}
    {of.encrypted_by === 'browser' && (
      <Mark icon={Lock} tone="quiet">
        Browser-encrypted
      </Mark>
    )}
    {of.passphrase && (
      <Mark icon={KeyRound} tone="quiet">
        Passphrase
      </Mark>
    )}
    {of.file_bytes !== null && (
      <Mark icon={FileLock2} tone="quiet">
        {`File, ${sizeOf(of.file_bytes)}`}
      </Mark>
    )}
  </div>
)
