import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../change.ts'
import { Problem } from '../../ui/problem.tsx'
import { cameOf } from './came.ts'
import css from './connections.module.css'

type Came = Parameters<typeof cameOf>[0]

/** Sends a test at once, and says what came of it. */
export function TestSend({ what, send }: { what: string; send: () => Promise<Came> }) {
  const [came, setCame] = useState<Came>()
  const change = useChange({ run: send, done: (answer: Came) => setCame(answer), here: true })
  return (
    <>
      <div className={css.buttons}>
        <Button variant="default" loading={change.busy} onClick={() => void change.go()}>
          Send a test {what}
        </Button>
      </div>
      <Problem fault={change.fault} />
      <div role="status">{came && !change.busy && <p className={css.came}>{cameOf(came)}</p>}</div>
    </>
  )
}
