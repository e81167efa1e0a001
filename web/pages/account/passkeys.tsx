import { Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { Fault } from '../../parts/fault.ts'
import { addPasskey, removePasskey } from '../../sign-in.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import { When } from '../../ui/when.tsx'
import css from './account.module.css'
import type { Me } from './account.tsx'

type Passkey = Me['passkeys'][number]

const nameOf = ({ name }: Passkey) => name ?? 'Passkey without a name'

/** Passkeys: what they are, the list, adding and removing. */
export function Passkeys({ me }: { me: Me }) {
  const [adding, setAdding] = useState(false)
  const [going, setGoing] = useState<Passkey>()
  const remove = useChange({
    run: (id: string) => removePasskey(id),
    says: 'The passkey is removed.',
    stale: [whoAmI.queryKey],
    here: true,
  })
  return (
    <Section
      title="Passkeys"
      lead="Sign in with a fingerprint, a face or a security key; nothing to type, nothing to phish."
      actions={
        <Button variant="default" onClick={() => setAdding(true)}>
          Add a passkey
        </Button>
      }
    >
      {me.passkeys.length === 0 ? (
        <p className={css.quiet}>There is none yet.</p>
      ) : (
        <ul className={css.list}>
          {me.passkeys.map((one) => (
            <li key={one.id} className={css.item}>
              <div>
                <strong>{nameOf(one)}</strong>
                <div className={css.quiet}>
                  added <When iso={one.created_at} />
                </div>
              </div>
              <Button
                variant="default"
                onClick={() => {
                  remove.forget()
                  setGoing(one)
                }}
                aria-label={`Remove ${nameOf(one)}`}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <AddPasskey opened={adding} close={() => setAdding(false)} />
      <ConfirmDialog
        opened={going !== undefined}
        close={() => setGoing(undefined)}
        title={`Remove ${going ? nameOf(going) : ''}?`}
        verb="Remove passkey"
        confirm={async () => going !== undefined && (await remove.go(going.id))}
        busy={remove.busy}
        fault={remove.fault}
      >
        It signs you in no more, from now on. Your device may still show it; delete it there as well.
      </ConfirmDialog>
    </Section>
  )
}

/** What the browser throws becomes a sentence; a person who closed its window is told nothing. */
async function register(name: string): Promise<void> {
  try {
    await addPasskey(name)
  } catch (thrown) {
    if (thrown instanceof Error && /NotAllowedError|AbortError/.test(thrown.name))
      throw new Fault('PASSKEY_REFUSED', 'No passkey was made: the browser’s window was closed.')
    if (thrown instanceof Error && thrown.name === 'InvalidStateError')
      throw new Fault('PASSKEY_REFUSED', 'This device has a passkey of this account already.')
    throw thrown
  }
}

function AddPasskey({ opened, close }: { opened: boolean; close: () => void }) {
  const [name, setName] = useState('')
  const add = useChange({
    run: () => register(name.trim()),
    says: 'The passkey is added.',
    stale: [whoAmI.queryKey],
    here: true,
    done: () => {
      setName('')
      close()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void add.go()
  }
  return (
    <Dialog opened={opened} close={close} title="Add a passkey" size="sm">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="To tell it from others, as “Ana’s phone”."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={add.at('name')}
            maxLength={100}
            required
            withAsterisk={false}
            data-autofocus
          />
          {add.fault && add.fault.issues.length === 0 && <Problem fault={add.fault} />}
          <Button type="submit" loading={add.busy}>
            Go on
          </Button>
        </Stack>
      </form>
    </Dialog>
  )
}
