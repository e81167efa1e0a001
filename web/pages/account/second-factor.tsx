import { Button } from '@mantine/core'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { whoAmI } from '../../call.ts'
import { disableSecondFactor, newBackupCodes } from '../../sign-in.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/page.tsx'
import css from './account.module.css'
import type { Me } from './account.tsx'
import { BackupCodes } from './backup-codes.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { TurnOn } from './turn-on.tsx'

type Opened = 'on' | 'off' | 'codes' | undefined

/** The second factor beside a password: an authenticator app and backup codes. */
export function SecondFactorSetting({ me }: { me: Me }) {
  const [opened, setOpened] = useState<Opened>()
  const [codes, setCodes] = useState<string[]>()
  const close = () => setOpened(undefined)
  if (!me.has_password)
    return (
      <Section title="Second factor">
        <p className={css.quiet}>It stands beside a password, and this account has none.</p>
      </Section>
    )
  return (
    <Section
      title="Second factor"
      lead="Six digits of an authenticator app, asked for after the password. Passkeys need none, and GitHub asks for its own."
      actions={
        me.two_factor ? (
          <>
            <Button variant="default" onClick={() => setOpened('codes')}>
              New backup codes
            </Button>
            <Button variant="default" onClick={() => setOpened('off')}>
              Turn off
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setOpened('on')}>
            Turn on
          </Button>
        )
      }
    >
      {me.two_factor ? (
        <p className={css.on}>
          <ShieldCheck aria-hidden size={18} /> On
        </p>
      ) : (
        <p className={css.quiet}>Off</p>
      )}
      <TurnOn opened={opened === 'on'} close={close} />
      <PasswordDialog
        opened={opened === 'off'}
        close={close}
        title="Turn the second factor off?"
        verb="Turn off"
        danger
        run={disableSecondFactor}
        says="The second factor is off."
        stale={[whoAmI.queryKey]}
      >
        Your password alone signs you in from now on. The app’s codes and the backup codes stop working.
      </PasswordDialog>
      <PasswordDialog
        opened={opened === 'codes'}
        close={close}
        title="Make new backup codes?"
        verb="Make new codes"
        run={newBackupCodes}
        done={({ backupCodes }) => setCodes(backupCodes)}
      >
        The ten old ones stop working at once.
      </PasswordDialog>
      <Dialog opened={codes !== undefined} close={() => setCodes(undefined)} title="Your backup codes">
        {codes && <BackupCodes codes={codes} done={() => setCodes(undefined)} />}
      </Dialog>
    </Section>
  )
}
