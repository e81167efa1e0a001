import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { clientOf, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { readingOf } from '../../parts/query.ts'
import { EmailField } from '../../ui/email-field.tsx'
import { Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Reading } from '../../ui/reading.tsx'
import css from './settings.module.css'

/** The health of the whole instance, for whoever runs it. */
export function Instance() {
  const health = useQuery({ queryKey: ['instance'], queryFn: () => clientOf().instance.health.query({}) })
  return (
    <div className={css.looks}>
      <Section
        title="Health"
        actions={
          <Button variant="default" loading={health.isFetching} onClick={() => void health.refetch()}>
            Look again
          </Button>
        }
      >
        <Reading of={readingOf(health)}>
          {({ version, public_url, your_ip, looks }) => (
            <>
              <p className={css.quiet}>
                Version {version}. Links begin with {public_url}; your address is seen as {your_ip}.
              </p>
              <ul className={css.looks}>
                {looks.map(({ name, ok, sentence }) => (
                  <li key={name} className={css.look} data-wrong={!ok || undefined}>
                    {ok ? <CircleCheck aria-hidden size={18} /> : <CircleX aria-hidden size={18} />}
                    <span>
                      <strong>{name}</strong> {!ok && <span className="unseen">has a fault: </span>}
                      {sentence}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Reading>
      </Section>
      <TestMail />
    </div>
  )
}

function TestMail() {
  const { data: me } = useQuery(whoAmI)
  const [typed, setTyped] = useState<string>()
  const to = typed ?? me?.email ?? ''
  const send = useChange({
    run: () => clientOf().instance.testMail.mutate({ to }),
    says: `A test mail is on its way to ${to}.`,
    here: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send.go()
  }
  return (
    <Section title="Test mail" lead="Shows whether SMTP_URL and MAIL_FROM work.">
      <form onSubmit={submit} className={css.line}>
        <EmailField label="To" value={to} change={setTyped} error={send.at('to')} autoComplete="off" />
        <Button type="submit" variant="default" loading={send.busy}>
          Send test mail
        </Button>
      </form>
      {send.fault && send.fault.issues.length === 0 && <Problem fault={send.fault} />}
    </Section>
  )
}
