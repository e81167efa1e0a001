import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { Alerts, type Key } from './alerts.tsx'
import { Edit } from './edit.tsx'
import css from './keys.module.css'
import { KeyMark, ScopeList } from './list.tsx'
import { Revoke } from './revoke.tsx'
import { RotateDialog } from './rotate.tsx'
import { Used } from './used.tsx'

/** One key: what it may do, who uses it, and everything that can be done with it. */
export function KeyDrawer({ keyId, close }: { keyId: string; close: () => void }) {
  const { id, api } = useProject()
  const query = useQuery({ queryKey: ['keys', id, 'one', keyId], queryFn: () => api.keys.get.query({ keyId }) })
  return (
    <Dialog opened drawer size="lg" close={close} title={query.data ? visible(query.data.name) : 'API key'}>
      <Reading of={readingOf(query)} bones={3}>
        {(key) => <Inside apiKey={key} />}
      </Reading>
    </Dialog>
  )
}

function Inside({ apiKey: key }: { apiKey: Key }) {
  const { id } = useProject()
  const [editing, setEditing] = useState(false)
  const [rotating, setRotating] = useState(false)
  if (editing) return <Edit apiKey={key} done={() => setEditing(false)} />
  const ended = key.status === 'revoked' || key.status === 'expired'
  return (
    <>
      <div className={css.alerts}>
        <KeyMark of={key} />
      </div>
      <Alerts of={key} />
      {key.description && <p>{visible(key.description)}</p>}
      <Details
        of={[
          ['Key', <code key="text">{`${key.prefix}…${key.last4}`}</code>],
          ['Kind', key.env === 'test' ? 'Test: sees test objects only' : 'Live'],
          ['May', <ScopeList key="scopes" of={key} />],
          ['Key paths', key.key_paths ? key.key_paths.join(', ') : 'Any'],
          ['TOTP accounts', key.account_tags && (visible(key.account_tags.join(', ')) || 'What it is granted')],
          ['Addresses', key.ip_allowlist ? key.ip_allowlist.join(', ') || 'None at all' : 'Any'],
          ['Arrives by', key.transports.join(', ')],
          [
            'Bodies logged',
            key.logging === 'none' ? (
              'No'
            ) : (
              <>
                {key.logging}
                {key.logging_until && (
                  <>
                    , until <When iso={key.logging_until} />
                  </>
                )}
              </>
            ),
          ],
          [
            'Created',
            <>
              <When key="made" iso={key.created_at} /> by {visible(key.created_by.name)}
            </>,
          ],
          ['Ends', key.expires_at ? <When key="end" iso={key.expires_at} /> : 'Never'],
          ['Revoked', key.revoked_at && <When key="gone" iso={key.revoked_at} />],
          [
            'Replaced by',
            key.replaced_by && (
              <Link key="next" to="/p/$project/keys" params={{ project: id }} search={{ open: key.replaced_by }}>
                its successor
              </Link>
            ),
          ],
          [
            'Key of',
            key.agent_id && (
              <Link key="agent" to="/p/$project/agents/$agent" params={{ project: id, agent: key.agent_id }}>
                an agent
              </Link>
            ),
          ],
          ['Key id', <Take key="id" text={key.id} what="the key’s id" />],
        ]}
      />
      {!ended && (
        <div className={css.buttons}>
          <Button variant="default" onClick={() => setEditing(true)}>
            Edit
          </Button>
          <Switch apiKey={key} />
          <Button variant="default" onClick={() => setRotating(true)}>
            Rotate…
          </Button>
          <Revoke apiKey={key} />
        </div>
      )}
      {/* Not with the buttons: it shows the new text while the old key has ended already. */}
      {rotating && <RotateDialog apiKey={key} close={() => setRotating(false)} />}
      <Part title="Used in the last 7 days">
        <Used keyId={key.id} />
      </Part>
    </>
  )
}

/** Off and on again, at once on every node. */
function Switch({ apiKey: { id: keyId, status } }: { apiKey: Key }) {
  const { id, api } = useProject()
  const off = status === 'disabled'
  const change = useChange({
    run: () => api.keys.update.mutate({ keyId, disabled: !off }),
    stale: [
      ['keys', id],
      ['agents', id],
      ['inbox', id],
    ],
    says: off ? 'The key works again.' : 'The key is off, at once everywhere.',
  })
  return (
    <Button variant="default" loading={change.busy} onClick={() => void change.go()}>
      {off ? 'Enable' : 'Disable'}
    </Button>
  )
}
