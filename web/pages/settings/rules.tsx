import { Checkbox, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../../ui/page.tsx'
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

/** A number as its field has it; an emptied field is no number, which the server refuses by name. */
const numberIn = (value: string | number): number => (typeof value === 'number' ? value : Number.NaN)

type DaysProps = {
  label: string
  description: string
  value: number
  put: (value: number) => void
  most: number
  least?: number
  suffix: string
  error: string | undefined
  readOnly: boolean
}

const Amount = ({ value, put, most, least = 1, suffix, ...rest }: DaysProps) => (
  <NumberInput
    {...rest}
    value={Number.isNaN(value) ? '' : value}
    onChange={(next) => put(numberIn(next))}
    min={least}
    max={most}
    suffix={` ${suffix}`}
    allowDecimal={false}
    allowNegative={false}
    hideControls
    inputMode="numeric"
    required
    withAsterisk={false}
    maw={320}
  />
)

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
        <Stack gap="md">
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
        </Stack>
      </SaveForm>
    </Section>
  )
}

export function SessionRules({ settings, manages }: RoomProps) {
  const [idle, setIdle] = useState(settings.session_idle_minutes)
  const [hours, setHours] = useState(settings.session_hours)
  const [days, setDays] = useState(settings.remember_days)
  const save = useSaving()
  const changed =
    idle !== settings.session_idle_minutes || hours !== settings.session_hours || days !== settings.remember_days
  const wish = { session_idle_minutes: idle, session_hours: hours, remember_days: days }
  return (
    <Section
      title="Sessions of the people"
      lead="For whoever belongs to several projects the strictest of their rules holds. Sessions that are open follow at once."
    >
      <SaveForm save={save} wish={wish} changed={changed} manages={manages}>
        <Stack gap="md">
          <Amount
            label="Ends without use after"
            description="5 to 1440 minutes."
            value={idle}
            put={setIdle}
            least={5}
            most={1440}
            suffix="minutes"
            error={save.at('session_idle_minutes')}
            readOnly={!manages}
          />
          <Amount
            label="Ends anyway after"
            description="1 to 168 hours."
            value={hours}
            put={setHours}
            most={168}
            suffix="hours"
            error={save.at('session_hours')}
            readOnly={!manages}
          />
          <Amount
            label="“Remember this device” lasts"
            description="Up to 90 days; 0 switches it off."
            value={days}
            put={setDays}
            least={0}
            most={90}
            suffix="days"
            error={save.at('remember_days')}
            readOnly={!manages}
          />
        </Stack>
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
