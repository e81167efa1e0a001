import { Button, Checkbox, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { CopyLine } from '../../ui/copy.tsx'

/** A receiver that checks what comes, with the SDK; the secret comes from its environment. */
const receiver = [
  `import { verifyWebhook } from '@countersign/sdk'`,
  '',
  'const event = await verifyWebhook(body, headers, process.env.COUNTERSIGN_WEBHOOK_SECRET)',
].join('\n')

/** The signing secret of a webhook, once. */
export function SecretShown({ secret, done }: { secret: string; done: () => void }) {
  const [stored, setStored] = useState(false)
  return (
    <Stack gap="md">
      <Text>
        Every request is signed with this secret (Standard Webhooks). It is shown now and never again; a new one can be
        made at any time.
      </Text>
      <div>
        <Text size="sm">The secret</Text>
        <CopyLine text={secret} what="the secret" />
      </div>
      <div>
        <Text size="sm">For an .env file</Text>
        <CopyLine text={`COUNTERSIGN_WEBHOOK_SECRET=${secret}`} what="the .env line" />
      </div>
      <div>
        <Text size="sm">How a receiver checks it, with the SDK</Text>
        <CopyLine text={receiver} what="the lines of the SDK" />
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
