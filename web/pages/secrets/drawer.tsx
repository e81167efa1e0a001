import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { sizeOf } from '../../parts/save.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { Details } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { isLive, nameOf, type Secret, StateMark } from './secret.tsx'
import css from './secrets.module.css'

type Props = { secret: Secret | undefined; secretId: string; close: () => void }

/** One secret of the list: what became of it, and the button that burns it. */
export const SecretDrawer = ({ secret, secretId, close }: Props) => (
  <Dialog opened drawer size="lg" close={close} title={secret ? nameOf(secret) : 'Secret'}>
    {secret ? (
      <Inside secret={secret} />
    ) : (
      <Empty title="Not among the secrets shown">
        The secret {visible(secretId)} is older than what was read, filtered out, or no longer kept.
      </Empty>
    )}
  </Dialog>
)

function Inside({ secret }: { secret: Secret }) {
  const { id, role } = useProject()
  const target = `secret:${secret.secret_id}`
  return (
    <div className={css.drawer}>
      <div>
        <StateMark state={secret.state} />
      </div>
      {secret.contested && (
        <p className={css.warning}>
          Somebody came for it after it was read. If its recipient says that they have not read it, somebody else has:
          change what it opens.
        </p>
      )}
      <Details
        of={[
          ['Made by', visible(secret.created_by.name)],
          ['Made', <When key="made" iso={secret.created_at} />],
          [
            secret.ended_at === null ? 'Expires' : 'Ended',
            <When key="ends" iso={secret.ended_at ?? secret.expires_at} />,
          ],
          ['Mailed to', secret.recipient !== null && visible(secret.recipient)],
          ['Encrypted by', secret.encrypted_by === 'browser' ? 'A browser; only its link has the key' : 'The server'],
          ['Passphrase', secret.passphrase ? 'Asked for before it is shown' : 'None'],
          ['File', secret.file_bytes !== null && sizeOf(secret.file_bytes)],
          ['Id', <Take key="id" text={secret.secret_id} what="the id" />],
        ]}
      />
      <div className={css.buttons}>
        {isLive(secret) && atLeast(role, 'MEMBER') && <Burn secret={secret} />}
        {atLeast(role, 'ADMIN') && (
          <Button
            variant="default"
            renderRoot={(props) => (
              <Link {...props} to="/p/$project/audit" params={{ project: id }} search={{ target }} />
            )}
          >
            What happened to it
          </Button>
        )}
      </div>
    </div>
  )
}

function Burn({ secret }: { secret: Secret }) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.secrets.burnById.mutate({ secret_id: secret.secret_id }),
    stale: [['secrets', id]],
    says: 'Burned; nobody can read it any more.',
    here: true,
  })
  return (
    <AskButton
      label="Burn…"
      title={`Burn the secret ${nameOf(secret)}?`}
      verb="Burn secret"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      Nobody can read it any more, from now on and for good: this cannot be undone. Whoever opens its link is told that
      it was burned.
    </AskButton>
  )
}
