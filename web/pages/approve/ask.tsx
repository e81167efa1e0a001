import { visible } from '../../../shared/visible.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { kindOf } from './facts.tsx'
import css from './pending.module.css'
import type { Opened } from './reading.ts'

/** Who asks for what. */
export const Ask = ({ approval }: { approval: Opened }) => (
  <div className={css.ask}>
    <h1 className={css.title}>
      Your decision on <code className={css.path}>{approval.key_path}</code>
    </h1>
    <p className={css.who}>
      Asked by <strong>{visible(approval.requested_by.name)}</strong> ({kindOf(approval)}) in project{' '}
      <strong>{visible(approval.project)}</strong>
    </p>
    {approval.info && <Markdown text={approval.info} className={css.info} />}
  </div>
)
