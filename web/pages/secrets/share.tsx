import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { instanceState } from '../../call.ts'
import { useChange } from '../../change.ts'
import { ShareForm } from '../../parts/share/form.tsx'
import { SharedSecret } from '../../parts/share/result.tsx'
import { type Shared, share } from '../../parts/share/send.ts'
import { SendFile } from '../../parts/share/sending.tsx'
import { emptyWish, type Wish } from '../../parts/share/wish.ts'
import { useProject } from '../../project.tsx'
import { Button as LightButton } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page, Section } from '../../ui/page.tsx'

const route = getRouteApi('/p/$project/secrets/new')

/** Shares a secret by hand; its link is shown once. */
export function ShareSecret() {
  const { id, api, role } = useProject()
  const navigate = route.useNavigate()
  const instance = useQuery(instanceState)
  const [wish, setWish] = useState<Wish>(emptyWish)
  const [shared, setShared] = useState<Shared>()
  const [waits, setWaits] = useState(false)
  const change = useChange({
    run: () => share(wish, (input) => api.secrets.create.mutate(input)),
    done: (made) => {
      setShared(made)
      setWaits(made.file !== undefined)
      // The links are all that is needed of it from now on.
      setWish(emptyWish())
      document.getElementById('main')?.focus()
    },
    stale: [['secrets', id]],
    here: true,
  })
  const again = () => {
    setShared(undefined)
    change.forget()
  }
  if (!atLeast(role, 'MEMBER')) return <NotForViewers title="Share a secret" role={role} />
  if (shared?.file && waits)
    return (
      <Page title="Sending the file" narrow>
        <Section>
          <SendFile file={shared.file} metadataKey={shared.metadataKey} done={() => setWaits(false)} gaveUp={again} />
        </Section>
      </Page>
    )
  if (shared)
    return (
      <Page title="Hand the link on" narrow lead="Two links, shown here only: one to share, one to keep.">
        <Section>
          <SharedSecret shared={shared}>
            <Button renderRoot={(props) => <Link {...props} to="/p/$project/secrets" params={{ project: id }} />}>
              Done
            </Button>
            <Button variant="default" onClick={again}>
              Share another
            </Button>
          </SharedSecret>
        </Section>
      </Page>
    )
  return (
    <Page title="Share a secret" narrow lead="A link that shows it once, and then to nobody any more.">
      <ShareForm
        wish={wish}
        put={(words) => setWish((before) => ({ ...before, ...words }))}
        send={() => void change.go()}
        sending={change}
        member={{ mail: instance.data?.mail ?? false }}
        cancel={<LightButton onClick={() => void navigate({ to: '/p/$project/secrets' })}>Cancel</LightButton>}
      />
    </Page>
  )
}

export const NotForViewers = ({ title, role }: { title: string; role: string }) => (
  <Page title={title}>
    <Empty icon={<Lock aria-hidden size={22} />} title="Not with your role">
      This needs the role MEMBER, and yours is {role}; an admin of the project can change it under People.
    </Empty>
  </Page>
)
