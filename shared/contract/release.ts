import { z } from 'zod'
import { actorRef, id, keyPath } from '../words.ts'

/** What leaves once the approval is executed, as it is asked for: exactly one of secret, account and value. */
export const releaseWish = z
  .strictObject({
    secret: id.optional().meta({ description: 'A release-only secret, read once.' }),
    account: id.optional().meta({ description: 'A TOTP account, whose codes may be read.' }),
    codes: z
      .number()
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'With `account`: how many codes, one for each time step; default 1.' }),
    value: keyPath.optional().meta({ description: 'A value, read once.' }),
    seconds: z
      .number()
      .int()
      .min(30)
      .max(900)
      .default(300)
      .meta({ description: 'How long after the decision it may be read.' }),
  })
  .meta({
    description:
      'What the requesting key may read only after a yes, from `GET /v1/approvals/{approval_id}/release`. Makes the approval `link: signed_in`.',
  })

/** What leaves, to whom, and how much of it has: as people are told before they decide. */
export const shownRelease = z
  .strictObject({
    kind: z.enum(['secret', 'codes', 'value']),
    id: z.string().meta({ description: 'Id of the secret or account, or the key path.' }),
    name: z.string().nullable().meta({ description: 'What it is called; null: it is gone.' }),
    to: actorRef.meta({ description: 'Who asked; nobody else can read it.' }),
    codes: z.number().int().nullable().meta({ description: 'Of an account: how many codes.' }),
    seconds: z.number().int().meta({ description: 'How long after the decision it may be read.' }),
    released: z.number().int().meta({ description: 'How often it was read so far.' }),
  })
  .meta({ id: 'Release', description: 'What leaves with a yes, and to whom.' })
