import { Flame } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../api.ts'
import { useArmed } from '../../parts/armed.ts'
import { type Fault, faultOf } from '../../parts/fault.ts'
import { useOnce } from '../../parts/once.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, Row } from '../../ui/sheet.tsx'
import css from './receipt.module.css'

type Props = { metadataKey: string; look: () => Promise<unknown> }

/** Takes the secret back, after asking once more. Whatever came of it, the page looks again. */
export function Burn({ metadataKey, look }: Props) {
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault>()
  const once = useOnce()
  const burn = () =>
    once(async () => {
      setBusy(true)
      // One that was read or has ended meanwhile is not found; the look shows which.
      const failed = await client.secrets.burnByReceipt
        .mutate({ metadata_key: metadataKey })
        .then(() => undefined, faultOf)
      await look()
      setFault(failed?.code === 'NOT_FOUND' ? undefined : failed)
      setBusy(false)
      setAsked(false)
    })
  return (
    <section className={css.part} aria-label="Burn the secret">
      <div role="alert">{fault && <Notice warn>{said(fault)}</Notice>}</div>
      {asked ? (
        <Really busy={busy} yes={() => void burn()} no={() => setAsked(false)} />
      ) : (
        <Button icon={<Flame aria-hidden size={18} />} onClick={() => setAsked(true)}>
          Burn the secret
        </Button>
      )}
    </section>
  )
}

function said(fault: Fault): string {
  if (fault.code === 'RATE_LIMITED')
    return `Too many requests from your network. Nothing was burned; try again in ${fault.retryAfter ?? 60} s.`
  if (fault.code === 'UNREACHABLE')
    return 'The connection broke. What you see here is what the service says now; you can try again.'
  return `${fault.message}${fault.requestId ? ` (request ${fault.requestId})` : ''}`
}

function Really({ busy, yes, no }: { busy: boolean; yes: () => void; no: () => void }) {
  const armed = useArmed()
  const cancel = useRef<HTMLButtonElement>(null)
  useEffect(() => cancel.current?.focus(), [])
  return (
    <div className={css.confirm}>
      <p>
        <strong>Burn the secret?</strong> Its link stops working at once, and nobody can ever read it. This cannot be
        taken back.
      </p>
      <Row>
        <Button ref={cancel} onClick={no}>
          Cancel
        </Button>
        <Button look="danger" busy={busy} icon={<Flame aria-hidden size={18} />} onClick={() => armed() && yes()}>
          Burn it
        </Button>
      </Row>
    </div>
  )
}
