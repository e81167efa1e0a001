import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../../change.ts'
import { save } from '../../../parts/save.ts'
import { useProject } from '../../../project.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { say } from '../../../ui/toast.ts'
import css from './account.module.css'

/** Saves every account of one's own as a list of otpauth addresses, which other apps read; for admins. */
export function ExportOwn({ opened, close }: { opened: boolean; close: () => void }) {
  const { id, api } = useProject()
  const [none, setNone] = useState(false)
  const leave = () => {
    setNone(false)
    change.forget()
    close()
  }
  const change = useChange({
    // Handed to the browser here and not answered, so that the library keeps nothing of it.
    run: async () => {
      const { otpauth_uris: uris } = await api.accounts.exportOwn.mutate({})
      if (uris.length === 0) return setNone(true)
      save(new Blob([`${uris.join('\n')}\n`], { type: 'text/plain;charset=utf-8' }), 'countersign-accounts.txt')
      say(uris.length === 1 ? 'One account is in the file.' : `${uris.length} accounts are in the file.`)
      leave()
    },
    stale: [
      ['accounts', id],
      ['audit', id],
    ],
    here: true,
  })
  return (
    <Dialog opened={opened} close={leave} title="Export all accounts of yours">
      <div className={css.stack}>
        <p>
          A text file with the seed of every account that you own, one otpauth address per line. Whoever has it makes
          their codes for ever: keep it somewhere safe, and delete it once it is imported.
        </p>
        <p className={css.small}>You are asked to sign in again, and it is written to the log of each.</p>
        {none && <p role="status">You own no account in this project.</p>}
        <Problem fault={change.fault} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={leave} data-autofocus>
            Cancel
          </Button>
          <Button loading={change.busy} onClick={() => void change.go()}>
            Save the file
          </Button>
        </Group>
      </div>
    </Dialog>
  )
}
