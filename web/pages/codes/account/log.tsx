import { ScrollText } from 'lucide-react'
import { visible } from '../../../../shared/visible.ts'
import type { Answers } from '../../../api.ts'
import { wordsOf } from '../../../parts/event-words.ts'
import { usePages } from '../../../parts/pages.ts'
import { useProject } from '../../../project.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { List } from '../../../ui/rows.tsx'
import { When } from '../../../ui/when.tsx'
import css from './account.module.css'

type Row = Answers['accounts']['log']['items'][number]

const about: Readonly<Record<string, string>> = {
  'account.changed': 'what changed:',
  'account.granted': 'to',
  'account.transferred': 'to',
  'account.revoked': 'of',
  'account.access_ended': 'of',
}

/** To or from whom, or which fields. */
const aboutWords = (row: Row): string | null => row.about && `${about[row.name] ?? ''} ${visible(row.about)}`.trim()

/** Who looked at codes, copied one, changed or granted something: newest first, and never a code. */
export function AccountLog({ accountId }: { accountId: string }) {
  const { id, api } = useProject()
  const pages = usePages(
    ['accounts', id, 'log', accountId],
    (cursor) => api.accounts.log.query({ accountId, limit: 20, ...cursor }),
    // Read whenever it is opened: looks are told to no page that is open.
    { staleTime: 0 },
  )
  return (
    <List
      pages={pages}
      empty={
        <Empty icon={<ScrollText aria-hidden size={22} />} title="Nothing yet">
          Every look at a code, every copy and every change will stand here.
        </Empty>
      }
    >
      {(rows) => (
        <ol className={css.log} aria-label="Log">
          {rows.map((row) => (
            <li key={row.id}>
              <span>
                <strong>{wordsOf(row.name)}</strong> by {visible(row.actor.name)}
                {row.actor.type === 'key' && ' (API key)'}, <When iso={row.at} />
              </span>
              <span className={css.small}>
                {[aboutWords(row), row.ip && `from ${row.ip}`].filter(Boolean).join(' · ')}
              </span>
            </li>
          ))}
        </ol>
      )}
    </List>
  )
}
