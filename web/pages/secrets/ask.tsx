import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { instanceState, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { AskFields } from './ask-fields.tsx'
import { type Asked, type AskWish, ask, emptyAsk } from './ask-form.ts'
import { AskedSecret } from './asked.tsx'
import { NotForViewers } from './share.tsx'

const route = getRouteApi('/p/$project/secrets/ask')

/** Asks somebody for a secret; both links are shown once. */
export function AskForSecret() {
  const { id, api, role } = useProject()
  const navigate = route.useNavigate()
  const instance = useQuery(instanceState)
  const me = useQuery(whoAmI)
  const [wish, setWish] = useState<AskWish>(emptyAsk)
  const [asked, setAsked] = useState<Asked>()
  const change = useChange({
    run: () => ask(wish, me.data?.email, (input) => api.asks.create.mutate(input)),
    done: (made) => {
      setAsked(made)
      document.getElementById('main')?.focus()
    },
    stale: [['asks', id]],
    here: true,
  })
  if (!atLeast(role, 'MEMBER')) return <NotForViewers title="Ask for a secret" role={role} />
  if (asked)
    return (
      <Page title="Send one link, keep the other" narrow lead="Both are shown here only.">
        <Section>
          <AskedSecret asked={asked}>
            <Button
              renderRoot={(props) => (
                <Link {...props} to="/p/$project/secrets" params={{ project: id }} search={{ tab: 'asks' }} />
              )}
            >
              Done
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setAsked(undefined)
                setWish(emptyAsk())
              }}
            >
              Ask for another
            </Button>
          </AskedSecret>
        </Section>
      </Page>
    )
  return (
    <Page title="Ask for a secret" narrow lead="A link where somebody fills one in. Only you can read it, once.">
      <AskFields
        wish={wish}
        put={(words) => setWish((before) => ({ ...before, ...words }))}
        mail={instance.data?.mail ?? false}
        sending={change}
        send={() => void change.go()}
        cancel={() => void navigate({ to: '/p/$project/secrets', search: { tab: 'asks' } })}
      />
    </Page>
  )
}
