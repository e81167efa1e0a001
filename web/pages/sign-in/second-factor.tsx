import { Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { bySecondFactor } from '../../sign-in.ts'
import { Problem } from '../../ui/problem.tsx'
import { CodeField } from '../../ui/secret-field.tsx'
import { useStep } from './step.ts'

/** The second step: six digits of the app, or a backup code where the app is lost. */
export function SecondFactor({ done, back }: { done: () => void; back: () => void }) {
  const [kind, setKind] = useState<'totp' | 'backup-code'>('totp')
  const [code, setCode] = useState('')
  const step = useStep(async () => {
    await bySecondFactor(code, kind)
    done()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void step.go()
  }
  const swap = () => {
    setCode('')
    setKind(kind === 'totp' ? 'backup-code' : 'totp')
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {kind === 'totp' ? (
          <CodeField label="Code of your authenticator app" value={code} change={setCode} />
        ) : (
          <TextInput
            label="Backup code"
            description="Each works once."
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            required
            withAsterisk={false}
          />
        )}
        <Problem fault={step.fault} />
        <Button type="submit" size="md" loading={step.busy} fullWidth>
          Go on
        </Button>
        <Button variant="subtle" onClick={swap}>
          {kind === 'totp' ? 'Use a backup code' : 'Use the app’s code'}
        </Button>
        <Button variant="subtle" onClick={back}>
          Start again
        </Button>
      </Stack>
    </form>
  )
}
