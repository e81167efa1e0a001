import { Button, Group, Stack } from '@mantine/core'
import type { QueryKey } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useChange } from '../../change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { PasswordField } from '../../ui/secret-field.tsx'

type Props<Result> = {
  opened: boolean
  close: () => void
  title: string
  verb: string
  danger?: boolean
  children: ReactNode
  run: (password: string) => Promise<Result>
  done?: (result: Result) => void
  says?: string
  stale?: readonly QueryKey[]
}

/** A change of one's proofs, which asks for the password itself whatever the session is. */
export function PasswordDialog<Result>(props: Props<Result>) {
  const { opened, close, title, verb, danger = false, children, run, done, says, stale = [] } = props
  const [password, setPassword] = useState('')
  const change = useChange({
    run: () => run(password),
    here: true,
    stale,
    ...(says === undefined ? {} : { says }),
    done: (result) => {
      leave()
      done?.(result)
    },
  })
  const leave = () => {
    setPassword('')
    change.forget()
    close()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void change.go()
  }
  return (
    <Dialog opened={opened} close={leave} title={title}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <div>{children}</div>
          <PasswordField
            label="Your password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
          />
          <Problem fault={change.fault} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={leave}>
              Cancel
            </Button>
            <Button type="submit" color={danger ? 'red' : undefined} loading={change.busy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
