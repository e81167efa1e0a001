import { visible } from '../../../shared/visible.ts'
import { curlOf } from '../../parts/curl.ts'
import { ShownOnce } from '../../ui/shown-once.tsx'

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
  const request = curlOf({
    method: 'POST',
    path: '/permissions/request',
    key: text,
    body: { action: 'email.send', scope: {} },
  })
  return (
    <ShownOnce
      done={done}
      lines={[
        { label: 'The key', what: 'the key', text },
        { label: 'For an .env file', what: 'the .env line', text: `COUNTERSIGN_API_KEY=${text}` },
        { label: 'A first request, ready to run', what: 'the request', text: request },
        {
          label: 'The same with the SDK, which takes the key from the environment',
          what: 'the lines of the SDK',
          text: sdkLines(),
        },
      ]}
    >
      This is the text of a key of <strong>{visible(name)}</strong>. It is shown now and never again: only its
      fingerprint is kept.
    </ShownOnce>
  )
}
