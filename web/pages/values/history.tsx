import { Link } from '@tanstack/react-router'
import { visible } from '../../../shared/visible.ts'
import { usePages } from '../../parts/pages.ts'
import { useProject } from '../../project.tsx'
import { List } from '../../ui/rows.tsx'
import { When } from '../../ui/when.tsx'
import css from './values.module.css'

/** The versions of a value, newest first: what it was, when, and who or which approval set it. */
export function History({ keyPath }: { keyPath: string }) {
  const { id, api } = useProject()
  const pages = usePages(['values', id, 'history', keyPath], (cursor) =>
    api.values.history.query({ key_path: keyPath, limit: 20, ...cursor }),
  )
  return (
    <List pages={pages} empty={<p>Nothing was ever set here.</p>}>
      {(items) => (
        <ol className={css.history}>
          {items.map((version) => (
            <li key={version.version}>
              <strong>Version {version.version}</strong>, <When iso={version.at} /> by {visible(version.by.name)}
              {version.approval_id && (
                <>
                  , by{' '}
                  <Link to="/p/$project/approvals" params={{ project: id }} search={{ open: version.approval_id }}>
                    an approval
                  </Link>
                </>
              )}
              {version.value === null ? (
                <p>Deleted</p>
              ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard (WCAG 2.1.1)
                <pre tabIndex={0} className={css.value}>
                  {visible(version.value)}
                </pre>
              )}
            </li>
          ))}
        </ol>
      )}
    </List>
  )
}
