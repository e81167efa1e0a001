import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Answers } from '../../api.ts'
import { useNow } from '../../parts/now.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import css from './keys.module.css'

const week = 7 * 86_400_000

type Logged = Answers['requests']['list']['items'][number]

/** Who used a key, by address: how often, what for, when last. */
function usersIn(rows: readonly Logged[]) {
  const users = new Map<string, { ip: string; count: number; at: string; routes: Set<string> }>()
  for (const row of rows) {
    // Newest first: the first row of an address is its last use.
    const user = users.get(row.ip) ?? { ip: row.ip, count: 0, at: row.at, routes: new Set() }
    user.count += 1
    user.routes.add(`${row.method} ${row.route}`)
    users.set(row.ip, user)
  }
  return [...users.values()]
}

/** What used a key in the last seven days, from its log's newest hundred rows. */
export function Used({ keyId }: { keyId: string }) {
  const { id, api } = useProject()
  const hour = useNow(3_600_000)
  const query = useQuery({
    queryKey: ['keys', id, 'used', keyId, hour],
    queryFn: () => api.keys.requests.query({ keyId, since: new Date(hour - week).toISOString(), limit: 100 }),
  })
  return (
    <Reading of={readingOf(query)} bones={1} height={40}>
      {({ items, next_cursor }) =>
        items.length === 0 ? (
          <p className={css.small}>Nothing used it.</p>
        ) : (
          <Stack gap="xs">
            <ul className={css.checks}>
              {usersIn(items).map((user) => (
                <li key={user.ip}>
                  <span>
                    <strong>{user.ip}</strong>: {user.count} {user.count === 1 ? 'request' : 'requests'}, last{' '}
                    <When iso={user.at} />, {[...user.routes].slice(0, 3).join(', ')}
                    {user.routes.size > 3 && ` and ${user.routes.size - 3} more`}
                  </span>
                </li>
              ))}
            </ul>
            {next_cursor && <p className={css.small}>Counted in the newest 100 requests; there are more.</p>}
            <Link to="/p/$project/keys" params={{ project: id }} search={{ tab: 'log', key: keyId }}>
              The key’s whole log
            </Link>
          </Stack>
        )
      }
    </Reading>
  )
}
