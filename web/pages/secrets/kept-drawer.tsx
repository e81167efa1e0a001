import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { atLeast } from '../../../shared/roles.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { curlOf } from '../../parts/curl.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Details, Part } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import type { KeptSecret } from './kept.tsx'
import { KeptForm } from './kept-form.tsx'
import css from './secrets.module.css'

/** The command that asks people for it; what it answers says how to read it after a yes. */
const asking = ({ kept_id }: KeptSecret) =>
  curlOf({
    method: 'POST',
    path: '/approvals',
    body: {
      key_path: 'release/secret',
      actions: [
        { key: 'approve', value: 'approved', style: 'primary' },
        { key: 'reject', value: 'rejected', style: 'danger' },
      ],
      info: 'What it is needed for',
      release: { secret: kept_id },
    },
  })

type Props = { kept: KeptSecret; close: () => void }

/** One release-only secret: how a program asks for it, and what can be changed of it. */
export function KeptDrawer({ kept, close }: Props) {
  const { id, role } = useProject()
  const [changing, setChanging] = useState(false)
  return (
    <Dialog opened drawer size="lg" close={close} title={visible(kept.name)}>
      <div className={css.drawer}>
        <Details
          of={[
            ['Stored by', visible(kept.created_by.name)],
            ['Stored', <When key="at" iso={kept.created_at} />],
            ['Changed', kept.updated_at !== kept.created_at && <When iso={kept.updated_at} />],
            ['Id', <Take key="id" text={kept.kept_id} what="the id" />],
          ]}
        />
        <Part title="How to ask">
          <p className={css.small}>
            The key that asks, and no other, reads it once after a yes, from{' '}
            <code>/v1/approvals/&#123;approval_id&#125;/release</code>. <code>approvers</code> says who must agree.
          </p>
          <CopyLine text={asking(kept)} what="the command" />
        </Part>
        <div className={css.buttons}>
          {atLeast(role, 'MEMBER') && (
            <>
              <Button variant="default" onClick={() => setChanging(true)}>
                Change…
              </Button>
              <Delete kept={kept} close={close} />
            </>
          )}
          {atLeast(role, 'ADMIN') && (
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/p/$project/audit"
                  params={{ project: id }}
                  search={{ target: `secret:${kept.kept_id}` }}
                />
              )}
            >
              What happened to it
            </Button>
          )}
        </div>
      </div>
      {changing && <KeptForm kept={kept} close={() => setChanging(false)} />}
    </Dialog>
  )
}

function Delete({ kept, close }: Props) {
  const { id, api } = useProject()
  const change = useChange({
    run: () => api.kept.delete.mutate({ kept_id: kept.kept_id }),
    stale: [['kept', id]],
    says: 'Deleted, with its text.',
    done: close,
    here: true,
  })
  return (
    <AskButton
      label="Delete…"
      title={`Delete ${visible(kept.name)}?`}
      verb="Delete secret"
      confirm={() => change.go()}
      busy={change.busy}
      fault={change.fault}
    >
      Its text is gone for good. Approvals that would release it say that it is not there any more.
    </AskButton>
  )
}
