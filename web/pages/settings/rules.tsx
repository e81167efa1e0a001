import { Checkbox, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../../ui/page.tsx'
import { Amount } from './amount.tsx'
import { SaveForm } from './save-form.tsx'
import { type RoomProps, useSaving } from './saving.ts'

export function ProjectName({ settings, manages }: RoomProps) {
  const [name, setName] = useState(settings.name)
  const save = useSaving('The project is renamed.')
  return (
    <Section title="Name">
      <SaveForm save={save} wish={{ name }} changed={name !== settings.name} manages={manages}>
        <TextInput
          label="Name of the project"
          description="Shown to whoever gets an approval link of it."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={save.at('name')}
          maxLength={63}
          required
          withAsterisk={false}
          readOnly={!manages}
        />
      </SaveForm>
    </Section>
  )
}

export function Retention({ settings, manages }: RoomProps) {
  const [requests, setRequests] = useState(settings.requests_days)
  const [forever, setForever] = useState(settings.audit_days === null)
  const [audit, setAudit] = useState(settings.audit_days ?? 365)
  const save = useSaving()
  const audit_days = forever ? null : audit
  const changed = requests !== settings.requests_days || audit_days !== settings.audit_days
  return (
    <Section title="How long logs are kept" lead="What is older is deleted within a day, for good.">
      <SaveForm save={save} wish={{ requests_days: requests, audit_days }} changed={changed} manages={manages}>
        <Amount
          label="Access log"
          description="One row per API request; 1 to 3650 days."
          value={requests}
          put={setRequests}
          most={3650}
          suffix="days"
          error={save.at('requests_days')}
          readOnly={!manages}
        />
        <Checkbox
          label="Keep the audit log for ever"
          checked={forever}
          onChange={(event) => setForever(event.currentTarget.checked)}
          disabled={!manages}
        />
        {!forever && (
          <Amount
            label="Audit log"
            description="Only whole sealed ranges are dropped, and their heads stay, so the rest still verifies."
            value={audit}
            put={setAudit}
            most={36_500}
            suffix="days"
            error={save.at('audit_days')}
            readOnly={!manages}
          />
        )}
      </SaveForm>
    </Section>
  )
}

export function SessionRules({ settings, manages }: RoomProps) {
  const { session_idle_minutes, session_hours, remember_days } = settings
  const [wish, setWish] = useState({ session_idle_minutes, session_hours, remember_days })
  const save = useSaving()
  const field = (name: keyof typeof wish) => ({
    value: wish[name],
    put: (value: number) => setWish({ ...wish, [name]: value }),
    error: save.at(name),
    readOnly: !manages,
  })
  const changed =
    wish.session_idle_minutes !== session_idle_minutes ||
    wish.session_hours !== session_hours ||
    wish.remember_days !== remember_days
  return (
    <Section
      title="Sessions of the people"
      lead="For whoever belongs to several projects the strictest of their rules holds. Sessions that are open follow at once."
    >
      <SaveForm save={save} wish={wish} changed={changed} manages={manages}>
        <Amount
          label="Ends without use after"
          description="5 to 1440 minutes."
          least={5}
          most={1440}
          suffix="minutes"
          {...field('session_idle_minutes')}
        />
        <Amount
          label="Ends anyway after"
          description="1 to 168 hours."
          most={168}
          suffix="hours"
          {...field('session_hours')}
        />
        <Amount
          label="“Remember this device” lasts"
          description="Up to 90 days; 0 switches it off."
          least={0}
          most={90}
          suffix="days"
          {...field('remember_days')}
        />
      </SaveForm>
    </Section>
  )
}

export function Alerts({ settings, manages }: RoomProps) {
  const [mail, setMail] = useState(settings.alert_mail)
  const save = useSaving()
  return (
    <Section
      title="Alerts about keys"
      lead="A key older than 90 days, or one that comes from a network it never came from before. They stand in the inbox either way."
    >
      <SaveForm save={save} wish={{ alert_mail: mail }} changed={mail !== settings.alert_mail} manages={manages}>
        <Switch
          label="Mail them to the admins and owners"
          checked={mail}
          onChange={(event) => setMail(event.currentTarget.checked)}
          disabled={!manages}
        />
      </SaveForm>
    </Section>
  )
}
