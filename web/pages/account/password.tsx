import { Anchor, Button, SimpleGrid } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.ts'
import { changePassword } from '../../sign-in.ts'
import { Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import { PasswordField } from '../../ui/secret-field.tsx'
import type { Me } from './account.tsx'

/** Changes the password; where there is none, says how to get one. */
export function Password({ me }: { me: Me }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useChange({
    run: () => changePassword(current, next),
    says: 'The password is changed; other sessions have ended.',
    stale: [['sessions']],
    here: true,
    done: () => {
      setCurrent('')
      setNext('')
    },
  })
  if (!me.has_password)
    return (
      <Section title="Password">
        <p>
          This account has none. To set one, <Anchor href="/reset-password">have a link mailed to you</Anchor>.
        </p>
      </Section>
    )
  const wrong = change.fault?.code === 'WRONG_SIGN_IN' ? change.fault.message : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void change.go()
  }
  return (
    <Section title="Password" lead="Changing it ends every other session of yours.">
      <form onSubmit={submit}>
        <input type="text" autoComplete="username" value={me.email} readOnly hidden />
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
          <PasswordField
            label="Current password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={wrong}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <PasswordField
            label="New password, at least 12 characters"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            error={change.at('newPassword')}
            autoComplete="new-password"
            required
            withAsterisk={false}
          />
        </SimpleGrid>
        {change.fault && !wrong && change.fault.issues.length === 0 && <Problem fault={change.fault} />}
        <Button mt="md" type="submit" variant="default" loading={change.busy}>
          Change password
        </Button>
      </form>
    </Section>
  )
}
