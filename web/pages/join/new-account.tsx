import { Button, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { calls, clientOf, whoAmI } from '../../call.ts'
import { dropTicket } from '../../next.ts'
import { Or } from '../../ui/door.tsx'
import { Problem } from '../../ui/problem.tsx'
import { PasswordField } from '../../ui/secret-field.tsx'
import { GitHubButton } from '../sign-in/github.tsx'
import { useStep } from '../sign-in/step.ts'

type Props = { token: string; email: string; github: boolean }

/** Makes an account for the invited address and joins with it. */
export function NewAccount({ token, email, github }: Props) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const step = useStep(async () => {
    const { project_id } = await clientOf().invitations.join.mutate({ token, name, password })
    dropTicket('join')
    await calls.resetQueries({ queryKey: whoAmI.queryKey })
    await navigate({ to: '/p/$project', params: { project: project_id } })
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void step.go()
  }
  return (
    <Stack gap="md">
      {github && (
        <>
          <GitHubButton label="Join with GitHub" next="/p" failed="/join" ticket={token} rememberMe={false} />
          <Or />
        </>
      )}
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label="E-mail address" value={email} readOnly autoComplete="username" type="email" />
          <TextInput
            label="Your name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={step.at('name')}
            autoComplete="name"
            maxLength={100}
            required
            withAsterisk={false}
          />
          <PasswordField
            label="Password"
            description="At least 12 characters, and not one that everybody uses."
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={step.at('password')}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
          {step.fault && step.fault.issues.length === 0 && <Problem fault={step.fault} />}
          <Button type="submit" size="md" loading={step.busy} fullWidth>
            Create account and join
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}
