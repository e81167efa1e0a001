import { Anchor, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { instanceState } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Announce } from '../../ui/announce.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { curl } from '../start/curl.ts'
import { FirstKey } from './first-key.tsx'
import css from './setup.module.css'
import { Step } from './step.tsx'
import { useFirstRun } from './watch.ts'

const route = getRouteApi('/p/$project/run-this')

/** From nothing to the first answered request: a key, a command that uses it, and ticks that come by themselves. */
export function RunThis() {
  const project = useProject()
  const { key: keyId } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: instance } = useQuery(instanceState)
  const [text, setText] = useState<string>()
  const { called, approval } = useFirstRun(keyId)
  const answered = approval?.status === 'executed'
  const make = useChange({
    run: () =>
      project.api.keys.create.mutate({
        name: 'first key',
        scopes: ['values:read', 'values:write', 'approvals:read', 'approvals:write'],
      }),
    stale: [['keys', project.id]],
    done: async (made) => {
      setText(made.key)
      await navigate({ search: { key: made.id }, replace: true })
    },
  })
  const origin = instance?.public_url ?? location.origin
  const keyed = keyId !== undefined
  const shown = text ?? 'YOUR_API_KEY'
  const state = (done: boolean, before: boolean) => (done ? 'done' : before ? 'now' : 'later')
  return (
    <Page
      narrow
      title="Your first approval"
      lead="Three steps that tick themselves. Nothing here must be finished: everything is in the menu as well."
      actions={
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/p/$project" params={{ project: project.id }} />}
        >
          {answered ? 'Go to the inbox' : 'Skip'}
        </Button>
      }
    >
      <Section>
        <ol className={css.steps}>
          <Step number={1} title="Generate an API key" state={state(keyed, true)}>
            {keyed ? (
              <FirstKey text={text} origin={origin} />
            ) : atLeast(project.role, 'ADMIN') ? (
              <>
                <p>It may ask for approvals and read values. Its text is shown once, here.</p>
                <Button loading={make.busy} onClick={() => void make.go()}>
                  Generate the key
                </Button>
              </>
            ) : (
              <p>An admin of this project generates keys.</p>
            )}
          </Step>
          <Step number={2} title="Run this" state={state(called, keyed)}>
            {keyed && (
              <>
                <p>In any shell that reaches this service. It asks for an approval and prints its link.</p>
                <CopyLine
                  what="the command that asks for an approval"
                  text={curl.create(origin).replace('YOUR_API_KEY', shown)}
                  shown={curl.create(origin).replace('YOUR_API_KEY', text ? `${text.slice(0, 8)}…` : shown)}
                />
                {!called && <p className={css.waiting}>Waiting for the call…</p>}
                {called && !approval && <p>The key was used. Now ask for an approval with it.</p>}
              </>
            )}
          </Step>
          <Step number={3} title="Answer it" state={state(answered, approval !== undefined)}>
            {approval && !answered && (
              <p>
                Open the link that the command printed, or answer in{' '}
                <Anchor renderRoot={(props) => <Link {...props} to="/p/$project" params={{ project: project.id }} />}>
                  your inbox
                </Anchor>
                . This page notices.
              </p>
            )}
            {answered && (
              <>
                <p>
                  Done: <code>{approval.key_path}</code> has its value. This reads it, as your automation would:
                </p>
                <CopyLine what="the command that reads the value" text={curl.read(origin, shown)} />
              </>
            )}
          </Step>
        </ol>
      </Section>
      <Announce text={answered ? 'Answered.' : called ? 'The call has arrived.' : ''} />
    </Page>
  )
}
