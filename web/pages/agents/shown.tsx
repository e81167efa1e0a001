import { Button, Checkbox, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { curlOf } from '../../parts/curl.ts'
import { CopyLine } from '../../ui/copy.tsx'

/** The program that asks first with this key, from the SDK. The key comes from the environment, never from the source. */
const sdkLines = () =>
  [
    `import { Client } from '@countersign/sdk'`,
    '',
    `const client = new Client({ baseUrl: '${location.origin}', apiKey: process.env.COUNTERSIGN_API_KEY ?? '' })`,
    `const asked = await client.permissions.request({ action: 'email.send', scope: { max: 1 } })`,
  ].join('\n')

/** The text of an agent's key, once: to copy, as a line of an `.env` file, in a request that runs, and with the SDK. */
export function ShownKey({ name, text, done }: { name: string; text: string; done: () => void }) {
  const [stored, setStored] = useState(false)
  const request = curlOf({
    method: 'POST',
    path: '/permissions/request',
    key: text,
    body: { action: 'email.send', scope: {} },
  })
  return (
    <Stack gap="md">
      <Text>
        This is the text of a key of <strong>{visible(name)}</strong>. It is shown now and never again: only its
        fingerprint is kept.
      </Text>
      <div>
        <Text size="sm">The key</Text>
        <CopyLine text={text} what="the key" />
      </div>
      <div>
        <Text size="sm">For an .env file</Text>
        <CopyLine text={`COUNTERSIGN_API_KEY=${text}`} what="the .env line" />
      </div>
      <div>
        <Text size="sm">A first request, ready to run</Text>
        <CopyLine text={request} what="the request" />
      </div>
      <div>
        <Text size="sm">The same with the SDK, which takes the key from the environment</Text>
        <CopyLine text={sdkLines()} what="the lines of the SDK" />
      </div>
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
