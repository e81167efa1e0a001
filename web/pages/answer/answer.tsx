import { useFragment } from '../../parts/fragment.ts'
import { isFinal, type Seen } from '../../parts/look.ts'
import { Bones } from '../../ui/sheet.tsx'
import { Shell } from '../../ui/shell.tsx'
import { Unread } from '../../ui/unread.tsx'
import { Ended, Given, Incomplete, Unable } from './ends.tsx'
import { AnswerForm } from './form.tsx'
import { halfIn, isUnclear, useGiving } from './giving.ts'
import { type Ask, useAsk } from './reading.ts'

/** The page where somebody fills in a secret that is asked for. Opening it changes nothing. */
export const AnswerPage = ({ token }: { token: string }) => (
  <Shell side="A secret is asked for">
    {/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$/.test(token) ? <Link token={token} /> : <Incomplete />}
  </Shell>
)

function Link({ token }: { token: string }) {
  const { giving, give } = useGiving(token)
  const { seen, fault, busy, look } = useAsk(token, giving.at === 'open')
  if (seen && giving.at === 'given') return <Given ask={seen.data} />
  if (fault && isFinal(fault)) return <Incomplete unknown />
  if (seen)
    return (
      <Stand seen={seen} stale={fault !== undefined} giving={giving} give={(text, half) => give(text, half, look)} />
    )
  if (!fault) return <Bones headline="Looking what is asked for…" />
  return <Unread fault={fault} busy={busy} again={() => void look()} calm="Nothing was sent." />
}

type Props = {
  seen: Seen<Ask>
  stale: boolean
  giving: ReturnType<typeof useGiving>['giving']
  give: (text: string, half: { bytes: Uint8Array<ArrayBuffer> } | undefined) => void
}

function Stand({ seen, stale, giving, give }: Props) {
  const { data: ask } = seen
  const found = useFragment(halfIn)
  const sending = giving.at === 'sending'
  const lost = giving.at === 'open' && giving.fault !== undefined && isUnclear(giving.fault)
  if (ask.status !== 'open' && !sending) return <Ended ask={ask} status={ask.status} lost={lost} />
  const sealed = ask.encrypted_by === 'browser'
  if (sealed && found === 'reading') return <Bones headline="Looking what is asked for…" />
  if (sealed && found === 'cut') return <Incomplete cut />
  if (sealed && found === 'unable') return <Unable />
  const half = sealed && typeof found === 'object' ? found : undefined
  return <AnswerForm seen={seen} stale={stale} giving={giving} give={(text) => give(text, half)} />
}
