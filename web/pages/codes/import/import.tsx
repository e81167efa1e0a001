import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { atLeast } from '../../../../shared/roles.ts'
import { useChange } from '../../../change.ts'
import { useProject } from '../../../project.tsx'
import { Announce } from '../../../ui/announce.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Page } from '../../../ui/page.tsx'
import { NotForViewers } from '../../secrets/share.tsx'
import { useGathering } from './gathering.ts'
import css from './import.module.css'
import { progressOf } from './parts.ts'
import { type Choice, Preview } from './preview.tsx'
import { Sources } from './sources.tsx'

const title = 'Import accounts'
const none: Choice = { tags: [], duplicates: false }

/** Brings accounts from other apps in: gather, look at what would happen, confirm. */
export function ImportAccounts() {
  const { id, api, role } = useProject()
  const gathering = useGathering()
  const [choice, setChoice] = useState(none)
  const [added, setAdded] = useState<number>()
  const { items, preview } = gathering
  const change = useChange({
    run: () =>
      api.accounts.import.mutate({
        uris: items.map(({ uri }) => uri),
        tags: choice.tags,
        duplicates: choice.duplicates ? 'add' : 'skip',
      }),
    done: (answer) => {
      setAdded(answer.added)
      setChoice(none)
      gathering.clear()
      document.getElementById('main')?.focus()
    },
    stale: [['accounts', id]],
    here: true,
  })
  const cancel = () => {
    gathering.clear()
    change.forget()
  }
  if (!atLeast(role, 'MEMBER')) return <NotForViewers title={title} role={role} />
  if (added !== undefined) return <Done added={added} more={() => setAdded(undefined)} />
  const progress = progressOf(preview?.missing ?? [])
  return (
    <Page title={title} lead="From an authenticator app, a password manager or a list. You see a preview first.">
      <Sources found={gathering.add} note={progress} count={preview?.rows.length ?? 0} />
      <Announce text={preview ? `${preview.rows.length} in the preview. ${progress}` : ''} />
      {items.length > 0 && preview && (
        <Preview
          rows={preview.rows}
          progress={progress}
          choice={choice}
          put={(words) => setChoice((before) => ({ ...before, ...words }))}
          at={change.at}
          fault={gathering.fault ?? change.fault}
          busy={change.busy || gathering.stale}
          leaveOut={gathering.leaveOut}
          add={() => void change.go()}
          again={gathering.fault && gathering.again}
          cancel={cancel}
        />
      )}
    </Page>
  )
}

const Done = ({ added, more }: { added: number; more: () => void }) => {
  const { id } = useProject()
  return (
    <Page title={added === 1 ? '1 account was added' : `${added} accounts were added`} narrow>
      <Empty
        icon={<CircleCheck aria-hidden size={22} />}
        title={added === 1 ? 'It is yours' : 'They are yours'}
        action={
          <div className={css.buttons}>
            <Button renderRoot={(props) => <Link {...props} to="/p/$project/codes" params={{ project: id }} />}>
              To the codes
            </Button>
            <Button variant="default" onClick={more}>
              Import more
            </Button>
          </div>
        }
      >
        Who else may get the codes is up to you and to admins. Delete exported files and pictures now: whoever has them
        has the codes.
      </Empty>
    </Page>
  )
}
