import { Alert, Anchor, Button, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { calls, clientOf, instanceState, whoAmI } from '../../call.ts'
import { dropTicket, takeTicket } from '../../next.ts'
import { readingOf } from '../../parts/query.ts'
import { Door, Or } from '../../ui/door.tsx'
import { EmailField } from '../../ui/email-field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Reading } from '../../ui/reading.tsx'
import { PasswordField } from '../../ui/secret-field.tsx'
import { GitHubButton } from '../sign-in/github.tsx'
import { LandedWith } from '../sign-in/landed.tsx'
import { useStep } from '../sign-in/step.ts'
import { ProxyCheck } from './proxy-check.tsx'

/** The first minutes of an instance: the link of its first start makes the person who runs it. */
export function Setup() {
  const [token] = useState(() => takeTicket('setup'))
  const state = useQuery(instanceState)
  return (
    <Reading of={readingOf(state)} bones={4}>
      {(instance) => {
        if (!instance.open) return <SetUpAlready />
        if (token === undefined) return <NoLink publicUrl={instance.public_url} />
        return <Claim token={token} instance={instance} />
      }}
    </Reading>
  )
}

const SetUpAlready = () => (
  <Door
    title="This instance is set up already"
    lead="Somebody has used its set-up link. New people join by invitation."
  >
    <Button renderRoot={(props) => <Link {...props} to="/sign-in" />} size="md">
      Sign in
    </Button>
  </Door>
)

const NoLink = ({ publicUrl }: { publicUrl: string }) => (
  <Door title="Open the set-up link" lead="This instance waits for whoever runs it.">
    <p>
      The log of the first start has a link that begins with <code>{publicUrl}/setup#</code>. Open the whole of it, in
      any browser; it works once.
    </p>
    <p>
      Lost it? <code>countersign setup:link</code> on the machine that runs this service makes a new one.
    </p>
  </Door>
)

type Instance = { github: boolean; public_url: string; your_ip: string }

function Claim({ token, instance }: { token: string; instance: Instance }) {
  const [form, setForm] = useState({ name: '', email: '', password: '', project: '' })
  const navigate = useNavigate()
  const step = useStep(async () => {
    const { project_id } = await clientOf().setup.claim.mutate({ token, ...form })
    dropTicket('setup')
    await calls.resetQueries({ queryKey: whoAmI.queryKey })
    await navigate({ to: '/p/$project/run-this', params: { project: project_id } })
  })
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
    error: step.at(name),
    required: true,
    withAsterisk: false,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void step.go()
  }
  return (
    <Door
      wide
      title="Set up Countersign"
      lead="Make your account, which runs this instance, and your first project. Two minutes; no mail server is needed."
    >
      <LandedWith />
      {instance.github && (
        <>
          <GitHubButton
            label="Set up with GitHub"
            next="/projects/new"
            failed="/setup"
            ticket={token}
            rememberMe={false}
          />
          <Or />
        </>
      )}
      <form onSubmit={submit}>
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <TextInput label="Your name" autoComplete="name" maxLength={100} {...field('name')} />
            <EmailField
              value={form.email}
              change={(email) => setForm({ ...form, email })}
              error={step.at('email')}
              autoComplete="username"
            />
          </SimpleGrid>
          <PasswordField
            label="Password"
            description="At least 12 characters, and not one that everybody uses."
            autoComplete="new-password"
            {...field('password')}
          />
          <TextInput
            label="First project"
            description="What it stands for: a product, a team, a client. It can be renamed."
            autoComplete="off"
            maxLength={63}
            {...field('project')}
          />
          <ProxyCheck publicUrl={instance.public_url} yourIp={instance.your_ip} />
          {step.fault && step.fault.issues.length === 0 && <Problem fault={step.fault} />}
          <Button type="submit" size="md" loading={step.busy} fullWidth>
            Create account and project
          </Button>
        </Stack>
      </form>
      {step.fault?.code === 'SETUP_DONE' && (
        <Alert color="blue">
          <Anchor renderRoot={(props) => <Link {...props} to="/sign-in" />}>Sign in</Anchor>
        </Alert>
      )}
    </Door>
  )
}
