import { Button, Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useArmed } from '../../parts/armed.ts'
import type { Fault } from '../../parts/fault.ts'
import { Problem } from '../../ui/problem.tsx'
import css from './requests.module.css'
import { unexpected } from './unexpected.ts'

type Props = {
  kind: 'deny' | 'unexpected'
  still: boolean
  busy: boolean
  fault: Fault | undefined
  send: (comment: string) => void
  back: () => void
}

/** The second step of a no: what the agent is told. */
export function Refuse({ kind, still, busy, fault, send, back }: Props) {
  const armed = useArmed()
  const [comment, setComment] = useState('')
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={panel} className={css.refuse} aria-label={kind === 'deny' ? 'Deny' : 'I did not expect this'}>
      {kind === 'deny' ? (
        <Textarea
          label="Why not (optional)"
          description="The agent is told this as the reason."
          rows={2}
          maxLength={2000}
          autoFocus
          error={fault?.issues[0]?.message}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      ) : (
        <p>
          The request is denied, and the agent is told: “{unexpected}” If you do not know why it asks, somebody else may
          hold one of its keys; an admin can revoke them.
        </p>
      )}
      <Problem fault={fault} />
      <div className={css.buttons}>
        <Button
          color="red"
          loading={busy}
          disabled={still}
          onClick={() => armed() && send(kind === 'deny' ? comment.trim() : unexpected)}
        >
          {kind === 'deny' ? 'Deny' : 'Deny and say so'}
        </Button>
        <Button variant="default" onClick={back}>
          Go back
        </Button>
      </div>
    </section>
  )
}
