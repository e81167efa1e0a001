import { Button, Checkbox, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { holds, type Scope } from '../../../shared/scopes.ts'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { curlOf } from '../../parts/curl.ts'
import { CopyLine } from '../../ui/copy.tsx'

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
  const [stored, setStored] = useState(false)
  const first = firstOf(made)
  return (
    <Stack gap="md">
      <Text>
        This is the text of <strong>{visible(made.name)}</strong>. It is shown now and never again: only its fingerprint
        is kept.
      </Text>
      <div>
        <Text size="sm">The key</Text>
        <CopyLine text={made.key} what="the key" />
      </div>
      <div>
        <Text size="sm">For an .env file</Text>
        <CopyLine
          text={`COUNTERSIGN_API_KEY=${/^[\w-]+$/.test(made.key) ? made.key : JSON.stringify(made.key)}`}
          what="the .env line"
        />
      </div>
      {first && (
        <div>
          <Text size="sm">A first request, ready to run</Text>
          <CopyLine text={first} what="the request" />
        </div>
      )}
      <Checkbox
        label="I have stored it"
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <Button disabled={!stored} onClick={done}>
        Done
      </Button>
    </Stack>
  )
}
