import { ReceiptText } from 'lucide-react'
import { useRef } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useServerNow } from '../../parts/clock.ts'
import type { Seen } from '../../parts/look.ts'
import { Announce } from '../../ui/announce.tsx'
import { Details } from '../../ui/details.tsx'
import { Notice, Sheet } from '../../ui/sheet.tsx'
import { Stale } from '../../ui/stale.tsx'
import { Until } from '../../ui/until.tsx'
import { Burn } from './burn.tsx'
import { KeepReceipt, ShareLink } from './links.tsx'
import { endOf, isOpen, type Receipt } from './reading.ts'
import { Timeline } from './timeline.tsx'
import { tell } from './words.ts'

type Props = { metadataKey: string; seen: Seen<Receipt>; stale: boolean; look: () => Promise<unknown> }

/** What became of a secret; the page swaps by itself when that changes. */
export function Known({ metadataKey, seen, stale, look }: Props) {
  const { data: receipt } = seen
  const now = useServerNow(seen.offset)
  const open = isOpen(receipt)
  const wasOpen = useRef(open)
  const told = tell(receipt)
  const swapped = wasOpen.current && !open
  return (
    <>
      <Announce urgent text={swapped ? `${told.headline}. ${told.meaning}` : ''} />
      <Sheet icon={ReceiptText} headline={told.headline} title={told.word} swapped={swapped}>
        <p>{told.meaning}</p>
        {receipt.contested && (
          <Notice warn>
            <strong>Somebody came for it after it was read.</strong> Ask the recipient whether it was them who read it.
            If not, change the secret.
          </Notice>
        )}
        {open && <Until what="Can be read until" end={new Date(endOf(receipt)).toISOString()} now={now} />}
        <Timeline receipt={receipt} told={told} now={now} />
        <Details
          of={[
            ['Name', receipt.memo && visible(receipt.memo)],
            ['Made by', visible(receipt.custid)],
            ['Mailed to', receipt.recipient.map(visible).join(', ')],
            ['Passphrase', receipt.passphrase_required ? 'Needed to read it' : 'None'],
            ['Encrypted', receipt.encrypted_by === 'browser' ? 'In the browser of who made it' : 'By this service'],
          ]}
        />
        {stale && <Stale readAt={seen.readAt} />}
        {open && <ShareLink receipt={receipt} />}
        <KeepReceipt open={open} />
        {open && <Burn metadataKey={metadataKey} look={look} />}
      </Sheet>
    </>
  )
}
