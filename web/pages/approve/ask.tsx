import { lazy, Suspense } from 'react'
import { visible } from '../../../shared/visible.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { kindOf } from './facts.tsx'
import css from './pending.module.css'
import type { Opened } from './reading.ts'

const Leaves = lazy(() => import('./member.tsx').then((file) => ({ default: file.Leaves })))

/** Who asks for what; what is asked is hidden from a stranger when the link asks for sign-in. */
export const Ask = ({ approval }: { approval: Opened }) => (
  <div className={css.ask}>
    <h1 className={css.title}>
      {approval.key_path === null ? (
        'Sign in to decide this request'
      ) : (
        <>
          {approval.signed_in_as?.may_decide === false ? 'A decision on' : 'Your decision on'}{' '}
          <code className={css.path}>{approval.key_path}</code>
        </>
      )}
    </h1>
    <p className={css.who}>
      Asked by <strong>{visible(approval.requested_by.name)}</strong> ({kindOf(approval)}) in project{' '}
      <strong>{visible(approval.project)}</strong>
    </p>
    {approval.release && (
      <Suspense fallback={null}>
        <Leaves release={approval.release} />
      </Suspense>
    )}
    {approval.info && <Markdown text={approval.info} className={css.info} />}
  </div>
)
