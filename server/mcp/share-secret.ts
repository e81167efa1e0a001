import { z } from 'zod'
import { wishFields } from '../../shared/contract/secret.ts'
import { secret, text } from '../../shared/words.ts'
import { message, tool } from './tool.ts'

const { passphrase, ttl, recipient, memo } = wishFields

export const shareSecret = tool({
  name: 'share_secret',
  title: 'Share a secret once',
  description:
    'Turn a secret text into a link that shows it once, instead of writing the secret into a message, a file or a chat. Give the link to exactly one person; with recipient it is mailed to them and not returned. Do not open the link: that would use it up. The secret itself is never returned.',
  isFor: (holds) => holds('secrets:write'),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    secret: secret(text(10_000).min(1)).meta({ description: 'The secret text.' }),
    ...{ passphrase, ttl, recipient, memo },
  }),
  output: z.strictObject({
    message,
    link: z.string().nullable().meta({ description: 'For the one person it is meant for; null when it was mailed.' }),
    expires_in_seconds: z.number().int(),
  }),
  async run({ call, signal, url }, wish) {
    const { secret_key, ttl: seconds } = await call('secrets.share', wish, signal)
    const mailed = wish.recipient !== undefined || !secret_key
    return {
      message: mailed ? 'The link was mailed to the recipient.' : 'Give the link to one person; it opens once.',
      link: mailed ? null : `${url}/s/${secret_key}`,
      expires_in_seconds: seconds,
    }
  },
})
