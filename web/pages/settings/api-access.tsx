import { Anchor, Button, Checkbox, Stack, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { instanceState } from '../../call.ts'
import { useProject } from '../../project.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'
import { linesOf } from './lines.ts'
import { type RoomProps, useSaving } from './saving.ts'
import css from './settings.module.css'

/** Seed 3's “Settings → API access”: from which addresses the project's keys may be used, one per line. */
export function ApiAccess({ settings, manages }: RoomProps) {
  const { id, role } = useProject()
  const { data: instance } = useQuery(instanceState)
  const [limited, setLimited] = useState(settings.ip_allowlist !== null)
  const [text, setText] = useState(settings.ip_allowlist?.join('\n') ?? '')
  const [asking, setAsking] = useState(false)
  const save = useSaving('The allowlist is changed; it holds at once.')
  const lines = linesOf(text)
  const ip_allowlist = limited ? lines.map(({ entry }) => entry) : null
  const faults = (save.fault?.issues ?? []).map(({ path, message }) => {
    const line = lines[Number(path.split('.')[1])]
    return line ? `Line ${line.number}, ${line.entry}: ${message}` : message
  })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await save.go({ ip_allowlist })
  }
  const lockOut = save.fault?.code === 'LOCK_OUT'
  return (
    <Section
      title="IP allowlist"
      lead="Holds for every API key of this project; a key’s own list narrows it further. People who are signed in are not affected."
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Checkbox
            label="Only these addresses may use the project’s keys"
            checked={limited}
            onChange={(event) => setLimited(event.currentTarget.checked)}
            disabled={!manages}
          />
          {limited && (
            <Textarea
              label="Addresses and networks, one per line"
              description={`As 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32. ${instance ? `Yours is ${instance.your_ip}.` : ''}`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              error={faults.length > 0}
              errorProps={{ component: 'div' }}
              rows={Math.min(12, Math.max(4, lines.length + 1))}
              readOnly={!manages}
              spellCheck={false}
              autoCapitalize="none"
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            />
          )}
          {limited && lines.length === 0 && <p className={css.quiet}>An empty list allows nobody.</p>}
          {faults.length > 0 && (
            <div role="alert">
              <ul className={css.faults}>
                {faults.map((fault) => (
                  <li key={fault}>{fault}</li>
                ))}
              </ul>
            </div>
          )}
          {save.fault && faults.length === 0 && <Problem fault={save.fault} />}
          {manages && (
            <div className={css.line}>
              <Button type="submit" loading={save.busy} style={{ flex: 'none' }}>
                Save
              </Button>
              {lockOut && (
                <Button variant="default" color="red" onClick={() => setAsking(true)}>
                  Save it anyway
                </Button>
              )}
            </div>
          )}
        </Stack>
      </form>
      {atLeast(role, 'ADMIN') && (
        <p>
          <Anchor renderRoot={(props) => <Link {...props} to="/p/$project/keys" params={{ project: id }} />}>
            API keys and access logs
          </Anchor>
        </p>
      )}
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title="Lock out your own address?"
        verb="Save allowlist"
        confirm={() => save.go({ ip_allowlist, allow_lockout: true })}
        busy={save.busy}
        fault={lockOut ? undefined : save.fault}
      >
        API keys stop working from the address that you are at, at once. You stay signed in, and can change the list
        here.
      </ConfirmDialog>
    </Section>
  )
}
