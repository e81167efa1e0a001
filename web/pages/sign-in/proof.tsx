import { Button, Checkbox, Stack } from '@mantine/core'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { byPassword } from '../../sign-in.ts'
import { Or } from '../../ui/door.tsx'
import { EmailField } from '../../ui/email-field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { PasswordField } from '../../ui/secret-field.tsx'
import { GitHubButton } from './github.tsx'
import { usePasskey } from './passkey.ts'
import { SecondFactor } from './second-factor.tsx'
import { useStep } from './step.ts'

type Props = {
  /** Whose proof is asked for; undefined: they say so themselves. */
  email?: string
  /** Where GitHub leads back to; undefined: it is not offered. */
  github?: { next: string } | undefined
  remember?: boolean
  done: () => void
}

/** Every way to prove who one is: password and second factor, a passkey, GitHub. */
export function Proof({ email: fixed, github, remember: asks = false, done }: Props) {
  const [email, setEmail] = useState(fixed ?? '')
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(false)
  const [second, setSecond] = useState(false)
  const passkey = usePasskey(remember, done)
  const first = useStep(async () => {
    if ((await byPassword(email, password, remember)) === 'done') done()
    else setSecond(true)
  })
  if (second) return <SecondFactor done={done} back={() => setSecond(false)} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void first.go()
  }
  return (
    <Stack gap="md">
      <form onSubmit={submit}>
        <Stack gap="md">
          <EmailField value={email} change={setEmail} readOnly={fixed !== undefined} autoComplete="username webauthn" />
          <PasswordField
            label="Password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus={fixed !== undefined || undefined}
          />
          {asks && (
            <Checkbox
              label="Remember this device"
              checked={remember}
              onChange={(event) => setRemember(event.currentTarget.checked)}
            />
          )}
          <Problem fault={first.fault} />
          <Button type="submit" size="md" loading={first.busy} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
      <Or />
      <Stack gap="xs">
        <Problem fault={passkey.fault} />
        <Button
          variant="default"
          size="md"
          fullWidth
          leftSection={<KeyRound aria-hidden size={18} />}
          loading={passkey.busy}
          onClick={() => void passkey.go()}
        >
          Sign in with a passkey
        </Button>
        {github && (
          <GitHubButton next={github.next} failed="/sign-in" rememberMe={remember} label="Sign in with GitHub" />
        )}
      </Stack>
    </Stack>
  )
}
