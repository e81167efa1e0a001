import { ShownOnce } from '../../ui/shown-once.tsx'

/** A receiver that checks what comes, with the SDK; the secret comes from its environment. */
const receiver = [
  `import { verifyWebhook } from '@countersign/sdk'`,
  '',
  'const event = await verifyWebhook(body, headers, process.env.COUNTERSIGN_WEBHOOK_SECRET)',
].join('\n')

/** The signing secret of a webhook, once. */
export const SecretShown = ({ secret, done }: { secret: string; done: () => void }) => (
  <ShownOnce
    done={done}
    lines={[
      { label: 'The secret', what: 'the secret', text: secret },
      { label: 'For an .env file', what: 'the .env line', text: `COUNTERSIGN_WEBHOOK_SECRET=${secret}` },
      { label: 'How a receiver checks it, with the SDK', what: 'the lines of the SDK', text: receiver },
    ]}
  >
    Every request is signed with this secret (Standard Webhooks). It is shown now and never again; a new one can be made
    at any time.
  </ShownOnce>
)
