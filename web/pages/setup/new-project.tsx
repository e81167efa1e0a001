import { Anchor, Button, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { calls, clientOf, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { dropTicket } from '../../next.ts'
import { Door } from '../../ui/door.tsx'
import { Problem } from '../../ui/problem.tsx'

/** Makes a project; who makes one owns it. The first thing after signing in with GitHub (seed 0). */
export function NewProject() {
  const { data: me } = useQuery(whoAmI)
  const [name, setName] = useState('')
  const navigate = useNavigate()
  const make = useChange({
    run: () => clientOf().projects.create.mutate({ name }),
    here: true,
    done: async ({ id }) => {
      dropTicket('setup')
      await calls.resetQueries({ queryKey: whoAmI.queryKey })
      await navigate({ to: '/p/$project/run-this', params: { project: id } })
    },
  })
  const first = me?.projects.length === 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void make.go()
  }
  return (
    <Door
      title={first ? 'Create your first project' : 'New project'}
      lead="A project has its own people, API keys, approvals and values; nothing is shared between two."
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Letters, digits, spaces, dots, dashes and underscores."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={make.at('name')}
            autoComplete="off"
            maxLength={63}
            required
            withAsterisk={false}
          />
          {make.fault && make.fault.issues.length === 0 && <Problem fault={make.fault} />}
          <Button type="submit" size="md" loading={make.busy} fullWidth>
            Create project
          </Button>
        </Stack>
      </form>
      {me && !first && (
        <p>
          <Anchor renderRoot={(props) => <Link {...props} to="/p" />}>Back to your projects</Anchor>
        </p>
      )}
    </Door>
  )
}
