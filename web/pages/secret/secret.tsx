import { useEffect, useState } from 'react'
import { useFragment } from '../../parts/fragment.ts'
import { isFinal, type Seen } from '../../parts/look.ts'
import { madeHere } from '../../parts/made.ts'
import { Announce } from '../../ui/announce.tsx'
import { Bones } from '../../ui/sheet.tsx'
import { Shell } from '../../ui/shell.tsx'
import { Unread } from '../../ui/unread.tsx'
import { Asked } from './asked.tsx'
import { Cleared, Ended, Garbled, Incomplete, Unable, useSwapped } from './ends.tsx'
import { keyIn } from './key.ts'
import { usePhase } from './phase.ts'
import { type Opened, useReading } from './reading.ts'
import { isUnclear } from './reveal.ts'
import { RevealedSheet } from './revealed.tsx'
import { Waiting } from './waiting.tsx'

/** The page of a secret's link. Opening it uses nothing up; a press of its button does, once. */
export const SecretPage = ({ secretKey }: { secretKey: string }) => (
  <Shell side="One-time secret">
    {/^[0-9a-z]{31}$/.test(secretKey) ? <Link secretKey={secretKey} /> : <Incomplete />}
  </Shell>
)

function Link({ secretKey }: { secretKey: string }) {
  const { phase, send, clear } = usePhase(secretKey)
  const { seen, fault, busy, look } = useReading(secretKey, phase.at === 'sheet')
  if (phase.at === 'held') return <RevealedSheet held={phase.held} clear={clear} />
  if (phase.at === 'cleared') return <Cleared />
  if (phase.at === 'garbled') return <Garbled />
  if (fault && isFinal(fault)) return <Incomplete unknown />
  if (seen)
    return <Stand secretKey={secretKey} seen={seen} stale={fault !== undefined} look={look} phase={phase} send={send} />
  if (!fault) return <Bones headline="Looking for the secret…" />
  const calm = 'Nothing is used up; the link stays good until it expires.'
  return <Unread fault={fault} busy={busy} again={() => void look()} calm={calm} />
}

type Props = Pick<ReturnType<typeof usePhase>, 'send'> & {
  secretKey: string
  seen: Seen<Opened>
  /** The last look failed: what is shown is older. */
  stale: boolean
  look: () => Promise<unknown>
  phase: Extract<ReturnType<typeof usePhase>['phase'], { at: 'sheet' | 'sending' }>
}

/** Where a secret stands that the server knows. When that changes while the page is open, it swaps and says so. */
function Stand({ secretKey, seen, stale, look, phase, send }: Props) {
  const { data: opened } = seen
  const found = useFragment(keyIn)
  const made = useMadeHere(secretKey)
  const sending = phase.at === 'sending'
  const ended = !sending && opened.status !== 'asked' && opened.status !== 'waiting'
  const swapped = useSwapped(ended)
  const sealed = opened.encrypted_by === 'browser' && !ended
  const lost = phase.at === 'sheet' && phase.fault !== undefined && isUnclear(phase.fault)
  if (ended) return <Ended opened={opened} swapped={swapped} lost={lost} />
  if (sealed && found === 'reading') return <Bones headline="Looking for the secret…" />
  if (sealed && found === 'cut') return <Incomplete cut />
  if (sealed && found === 'unable') return <Unable />
  const key = sealed && typeof found === 'object' ? found : undefined
  return (
    <>
      {opened.status === 'asked' && !sending ? (
        <Asked seen={seen} stale={stale} />
      ) : (
        <Waiting
          seen={seen}
          stale={stale}
          mine={opened.made_by_you || made}
          phase={phase}
          send={(passphrase) => send(look, key, passphrase)}
        />
      )}
      <Announce text={opened.status === 'waiting' && swapped ? 'The secret is there.' : ''} />
    </>
  )
}

function useMadeHere(secretKey: string): boolean {
  const [made, setMade] = useState(false)
  useEffect(() => void madeHere(secretKey).then(setMade), [secretKey])
  return made
}
