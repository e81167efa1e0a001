import { Alert, Anchor, Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MailCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { instanceState } from '../../call.ts'
import { takeResetToken } from '../../next.ts'
import { askForReset, resetPassword } from '../../sign-in.ts'
import { Door } from '../../ui/door.tsx'
import { EmailField } from '../../ui/email-field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { PasswordField } from '../../ui/secret-field.tsx'
import { useStep } from './step.ts'

const BackToSignIn = () => (
  <p>
    <Anchor renderRoot={(props) => <Link {...props} to="/sign-in" />}>Back to signing in</Anchor>
  </p>
)

/** Asks for the link, or, opened by it, takes the new password. */
export function ResetPassword() {
  const [token] = useState(takeResetToken)
  return token === undefined ? <AskForLink /> : <NewPassword token={token} />
}

function AskForLink() {
  const { data: instance } = useQuery(instanceState)
  const [email, setEmail] = useState('')
  const [asked, setAsked] = useState(false)
  const step = useStep(async () => {
    await askForReset(email)
    setAsked(true)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void step.go()
  }
  if (instance && !instance.mail)
    return (
      <Door title="Forgot the password">
        <p>
          This instance sends no mail. Sign in with a passkey or with GitHub, or ask whoever runs the machine for a link
          to a new password: <code>countersign password:link --email you@example.com</code> makes one.
        </p>
        <BackToSignIn />
      </Door>
    )
  if (asked)
    return (
      <Door title="Look into your mail">
        <Alert color="green" icon={<MailCheck aria-hidden />} role="status">
          If there is an account with the address {email}, a link to a new password is on its way. It works for one
          hour.
        </Alert>
        <BackToSignIn />
      </Door>
    )
  return (
    <Door title="Forgot the password" lead="A link to a new one is mailed to you.">
      <form onSubmit={submit}>
        <Stack gap="md">
          <EmailField value={email} change={setEmail} error={step.at('email')} autoComplete="username" />
          <Problem fault={step.fault} />
          <Button type="submit" size="md" loading={step.busy} fullWidth>
            Mail me a link
          </Button>
        </Stack>
      </form>
      <BackToSignIn />
    </Door>
  )
}

function NewPassword({ token }: { token: string }) {
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const step = useStep(async () => {
    await resetPassword(token, password)
    setDone(true)
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void step.go()
  }
  if (done)
    return (
      <Door title="The password is changed" lead="Every session of this account has ended, on every device.">
        <Button renderRoot={(props) => <Link {...props} to="/sign-in" />} size="md">
          Sign in
        </Button>
      </Door>
    )
  const wrong = step.at('newPassword')
  return (
    <Door title="Choose a new password" lead="Every session of this account ends with it, on every device.">
      <form onSubmit={submit}>
        <Stack gap="md">
          <PasswordField
            label="New password"
            description="At least 12 characters, and not one that everybody uses."
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={wrong}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
          <Problem fault={wrong ? undefined : step.fault} />
          <Button type="submit" size="md" loading={step.busy} fullWidth>
            Change the password
          </Button>
        </Stack>
      </form>
      {step.fault?.code === 'RESET_GONE' && (
        <p>
          <Anchor href="/reset-password">Ask for a new link</Anchor>
        </p>
      )}
    </Door>
  )
}
