import { Hourglass } from 'lucide-react'
import { useServerNow } from '../../parts/clock.ts'
import type { Seen } from '../../parts/look.ts'
import { Notice, Sheet } from '../../ui/sheet.tsx'
import { Stale } from '../../ui/stale.tsx'
import { Until } from '../../ui/until.tsx'
import type { Opened } from './reading.ts'

/** A link before its secret is there: nobody has answered who asked for it, or its file is still on its way. */
export function Asked({ seen, stale }: { seen: Seen<Opened>; stale: boolean }) {
  const now = useServerNow(seen.offset)
  const { file, expires_at } = seen.data
  return (
    <Sheet
      icon={Hourglass}
      headline={file ? 'The file of this secret is still on its way' : 'Your answer is not there yet'}
      title="Not there yet"
    >
      <p>
        {file ? 'Whoever made it is still sending the file.' : 'Nobody has filled in the secret that was asked for.'}{' '}
        This page looks again every few seconds.
      </p>
      <Until what={file ? 'Can be read until' : 'Can be answered until'} end={expires_at} now={now} />
      <Notice>Keep this link to yourself: whoever has it can read the secret, once.</Notice>
      {stale && <Stale readAt={seen.readAt} />}
    </Sheet>
  )
}
