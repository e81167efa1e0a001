import { Button, Stack } from '@mantine/core'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { bySecondFactor, enableSecondFactor } from '../../sign-in.ts'
import { CopyLine } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { CodeField } from '../../ui/secret-field.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { BackupCodes } from './backup-codes.tsx'
import { PasswordDialog } from './password-dialog.tsx'

const Qr = lazy(() => import('../../ui/qr.tsx').then(({ Qr: Drawn }) => ({ default: Drawn })))

type Begun = { totpURI: string; backupCodes: string[] }

/** Password → QR code and first code → backup codes, once. */
export function TurnOn({ opened, close }: { opened: boolean; close: () => void }) {
  const [begun, setBegun] = useState<Begun>()
  const [on, setOn] = useState(false)
  const leave = () => {
    setBegun(undefined)
    setOn(false)
    close()
  }
  if (!begun)
    return (
      <PasswordDialog
        opened={opened}
        close={close}
        title="Turn on the second factor"
        verb="Go on"
        run={enableSecondFactor}
        done={setBegun}
      >
        You need an authenticator app on your phone.
      </PasswordDialog>
    )
  return (
    <Dialog opened close={leave} title={on ? 'Your backup codes' : 'Scan this with your app'}>
      {on ? (
        <BackupCodes codes={begun.backupCodes} done={leave} />
      ) : (
        <Scan uri={begun.totpURI} done={() => setOn(true)} />
      )}
    </Dialog>
  )
}

function Scan({ uri, done }: { uri: string; done: () => void }) {
  const [code, setCode] = useState('')
  const check = useChange({
    run: () => bySecondFactor(code, 'totp'),
    says: 'The second factor is on.',
    stale: [whoAmI.queryKey],
    here: true,
    done,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void check.go()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Suspense fallback={<Waiting rows={1} height={192} />}>
          <Qr text={uri} label="QR code for an authenticator app; the same as text follows" />
        </Suspense>
        <CopyLine what="the secret for the app" text={new URL(uri).searchParams.get('secret') ?? uri} />
        <CodeField label="Code that the app shows now" value={code} change={setCode} />
        <Problem fault={check.fault} />
        <Button type="submit" loading={check.busy}>
          Turn on
        </Button>
      </Stack>
    </form>
  )
}
