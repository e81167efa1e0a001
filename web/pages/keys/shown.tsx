import { holds, type Scope } from '../../../shared/scopes.ts'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { curlOf } from '../../parts/curl.ts'
import { ShownOnce } from '../../ui/shown-once.tsx'

type Made = Answers['keys']['create']

/** A first request that this key may make; undefined when all it may do needs a feature's own words. */
function firstOf({ key, scopes, key_paths }: Made): string | undefined {
  const may = (scope: Scope) => holds(scopes, scope)
  const path = key_paths?.[0] ?? 'demo/test'
  if (may('approvals:write'))
    return curlOf({ method: 'POST', path: '/approvals', key, body: { key_path: path, value: 'approved' } })
  if (may('values:read')) return curlOf({ path: key_paths ? `/key/${path}` : '/keys', key })
  if (may('approvals:read')) return curlOf({ path: '/approvals', key })
  if (may('permissions:request'))
    return curlOf({ method: 'POST', path: '/permissions/request', key, body: { action: 'email.send', scope: {} } })
  if (may('users:read')) return curlOf({ path: '/users', key })
  if (may('keys:read')) return curlOf({ path: '/api-keys', key })
  if (may('audit:read')) return curlOf({ path: '/audit', key })
  return may('settings:read') ? curlOf({ path: '/settings', key }) : undefined
}

/** The text of a key, once: to copy, as a line of an `.env` file, and in a request that runs. */
export function Shown({ made, done }: { made: Made; done: () => void }) {
  const first = firstOf(made)
  const env = `COUNTERSIGN_API_KEY=${/^[\w-]+$/.test(made.key) ? made.key : JSON.stringify(made.key)}`
  return (
    <ShownOnce
      done={done}
      lines={[
        { label: 'The key', what: 'the key', text: made.key },
        { label: 'For an .env file', what: 'the .env line', text: env },
        ...(first ? [{ label: 'A first request, ready to run', what: 'the request', text: first }] : []),
      ]}
    >
      This is the text of <strong>{visible(made.name)}</strong>. It is shown now and never again: only its fingerprint
      is kept.
    </ShownOnce>
  )
}
