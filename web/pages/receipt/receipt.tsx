import { Link2Off } from 'lucide-react'
import { isFinal } from '../../parts/look.ts'
import { End } from '../../ui/end.tsx'
import { Bones } from '../../ui/sheet.tsx'
import { Shell } from '../../ui/shell.tsx'
import { Unread } from '../../ui/unread.tsx'
import { Known } from './known.tsx'
import { useReceipt } from './reading.ts'

/** The private receipt of who made a secret: what became of it. Opening it changes nothing. */
export const ReceiptPage = ({ metadataKey }: { metadataKey: string }) => (
  <Shell side="Private receipt">
    {/^[0-9a-z]{31}$/.test(metadataKey) ? <Receipt metadataKey={metadataKey} /> : <Nowhere cut />}
  </Shell>
)

function Receipt({ metadataKey }: { metadataKey: string }) {
  const { seen, fault, busy, look } = useReceipt(metadataKey)
  if (fault && isFinal(fault)) return <Nowhere />
  if (seen) return <Known metadataKey={metadataKey} seen={seen} stale={fault !== undefined} look={look} />
  if (!fault) return <Bones headline="Looking for the receipt…" />
  return <Unread fault={fault} busy={busy} again={() => void look()} calm="Nothing has changed." />
}

const Nowhere = ({ cut = false }: { cut?: boolean }) => (
  <End
    icon={Link2Off}
    title={cut ? 'Incomplete link' : 'Not found'}
    headline={cut ? 'This link is incomplete' : 'This receipt leads nowhere'}
    happened={
      cut
        ? 'Something is missing or was added. Nothing has changed.'
        : 'A part of the link may be wrong, or its time is up: a receipt lives twice as long as its secret.'
    }
    next="Copy the whole link again, to its last character."
  />
)
