import { Button, Group } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useChange } from '../../../change.ts'
import { timeLeft } from '../../../parts/clock.ts'
import { useProject } from '../../../project.tsx'
import { CopyLine } from '../../../ui/copy.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { Qr } from '../../../ui/qr.tsx'
import css from './account.module.css'
import { type Account, nameOf } from './account.ts'
import { useUncovered } from './uncovered.ts'

type Exported = { secret: string; otpauth_uri: string }

/** The only place where a seed is seen: after signing in again, for a minute, and not while the tab is hidden. */
export function Seed({ account }: { account: Account }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Seed and QR code…
      </Button>
      <Dialog opened={opened} close={() => setOpened(false)} title={`Seed of ${nameOf(account)}`} size="lg">
        <Inside account={account} close={() => setOpened(false)} />
      </Dialog>
    </>
  )
}

function Inside({ account, close }: { account: Account; close: () => void }) {
  const { id, api } = useProject()
  const [held, setHeld] = useState<Exported>()
  const cover = useCallback(() => setHeld(undefined), [])
  const change = useChange({
    // Taken here and not answered, so that the library keeps nothing of it.
    run: async () => setHeld(await api.accounts.export.mutate({ accountId: account.id })),
    stale: [['accounts', id, 'log', account.id]],
    here: true,
  })
  if (held) return <Shown held={held} cover={cover} />
  return (
    <div className={css.stack}>
      <p>
        Whoever has the seed makes this account’s codes for ever, also after their access here has ended. Take it only
        to move the account, or to keep it somewhere safe.
      </p>
      <p className={css.small}>You are asked to sign in again, and it is written to the account’s log.</p>
      <Problem fault={change.fault} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close} data-autofocus>
          Cancel
        </Button>
        <Button loading={change.busy} onClick={() => void change.go()}>
          Show the seed
        </Button>
      </Group>
    </div>
  )
}

function Shown({ held, cover }: { held: Exported; cover: () => void }) {
  const left = useUncovered(cover)
  return (
    <div className={css.stack}>
      <div className={css.qr}>
        <Qr text={held.otpauth_uri} label="QR code of the account, for an authenticator app" />
      </div>
      <p className={css.small}>Scan it with an authenticator app, or copy the seed.</p>
      <CopyLine text={held.secret} shown={held.secret.replace(/.{4}(?=.)/g, '$& ')} what="the seed" />
      <CopyLine text={held.otpauth_uri} what="the otpauth address" />
      <Group justify="space-between" gap="xs">
        <span className={css.small}>Covered in {timeLeft(left)}</span>
        <Button variant="default" onClick={cover}>
          Cover now
        </Button>
      </Group>
    </div>
  )
}
