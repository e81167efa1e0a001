import { visible } from '../../../shared/visible.ts'
import { flatten } from '../../parts/flatten.ts'
import { Time } from '../../ui/time.tsx'
import css from './facts.module.css'
import type { Opened } from './reading.ts'

const kinds = {
  key: 'API key',
  agent: 'AI agent',
  person: 'person',
  visitor: 'visitor',
  policy: 'policy',
  system: 'this service',
} satisfies Record<Opened['requested_by']['type'], string>

export const kindOf = (approval: Opened): string => kinds[approval.requested_by.type]

/** Everything else that is known of a request. `now` is the server's time in ms. */
export function Facts({ approval, now }: { approval: Opened; now: number }) {
  const payload = approval.payload ? flatten(approval.payload) : []
  return (
    <>
      {payload.length > 0 && (
        <dl className={css.list}>
          {payload.map((fact) => (
            <div key={fact.name}>
              <dt className={css.code}>{visible(fact.name)}</dt>
              <dd>{visible(fact.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <dl className={css.list}>
        {approval.key_path !== null && (
          <div>
            <dt>Sets the value of</dt>
            <dd className={css.code}>{approval.key_path}</dd>
          </div>
        )}
        <div>
          <dt>Project</dt>
          <dd>{visible(approval.project)}</dd>
        </div>
        <div>
          <dt>Requested by</dt>
          <dd>
            {visible(approval.requested_by.name)} ({kindOf(approval)})
          </dd>
        </div>
        {approval.ref_id !== null && (
          <div>
            <dt>Reference</dt>
            <dd className={css.code}>{visible(approval.ref_id)}</dd>
          </div>
        )}
        <div>
          <dt>Created</dt>
          <dd>
            <Time iso={approval.created_at} now={now} />
          </dd>
        </div>
        <div>
          <dt>{Date.parse(approval.expires_at) > now ? 'Expires' : 'Expired'}</dt>
          <dd>
            <Time iso={approval.expires_at} now={now} />
          </dd>
        </div>
        <div>
          <dt>Fingerprint</dt>
          <dd className={css.code}>{approval.action_hash.slice(0, 16)}</dd>
        </div>
      </dl>
    </>
  )
}
