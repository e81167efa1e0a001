import { z } from 'zod'
import { email } from '../people.ts'
import { id, jsonObject, keyPath, secret, text, valueText } from '../words.ts'
import { action, commentMode, linkMode } from './approval.ts'
import { approverGroups } from './approver.ts'
import { releaseWish } from './release.ts'

/** An approval as it is asked for: with `value` or with `actions`, which win when both are given. */
export const newApproval = z
  .strictObject({
    key_path: keyPath.meta({ description: 'The value that the decision sets.' }),
    value: valueText.optional().meta({ description: 'Simple format: one Approve button that sets this.' }),
    actions: z
      .array(action)
      .min(1)
      .max(3)
      .optional()
      .meta({ description: 'One to three buttons, each with the value that it sets.' }),
    ttl_seconds: z.number().int().min(10).max(2_592_000).default(600).meta({ description: 'Time to decide.' }),
    initial_value: valueText
      .optional()
      .meta({ description: 'Stored under `key_path` in the same commit, so that a reader sees it while waiting.' }),
    info: text(4000).optional().meta({ description: 'Plain text or a subset of Markdown; HTML is shown as text.' }),
    ref_id: text(255).min(1).optional().meta({ description: 'A reference of your own, e.g. a build number.' }),
    pin: secret(z.string().regex(/^(\d{4,12}|generate)$/, 'Must be 4 to 12 digits, or "generate".'))
      .optional()
      .meta({ description: 'What the approver must type: 4 to 12 digits, or `generate` for six random ones.' }),
    comment: commentMode.default('optional').meta({ description: 'Whether the approver may or must comment.' }),
    match_number: z.boolean().default(false).meta({
      description:
        'Ask the approver for a number that only the requester’s screen shows. With a link that asks for sign-in at most three such requests wait for any approver (409 TOO_MANY_PENDING); a plain link names nobody, so there is no such limit.',
    }),
    payload: jsonObject.optional().meta({ description: 'Facts that the decision is bound to, shown to the approver.' }),
    link: linkMode.optional().meta({
      description:
        '`bearer`: whoever holds the link decides. `signed_in`: a signed-in person of the project does; so it is when `approvers` is given.',
    }),
    approvers: approverGroups.optional(),
    passkey: z
      .boolean()
      .default(false)
      .meta({ description: 'Whoever decides proves it with a passkey whose challenge is the `action_hash`.' }),
    release: releaseWish.optional(),
    notify: z
      .array(
        z
          .string()
          .max(320)
          .refine((one) => email.safeParse(one).success || id.safeParse(one).success, {
            message: 'Must be an e-mail address, or the id of a channel.',
          }),
      )
      .min(1)
      .max(10)
      .optional()
      .meta({
        example: ['ana@example.com'],
        description: 'Addresses that the link is mailed to, and ids of channels that are told.',
      }),
  })
  .superRefine((input, ctx) => {
    if (input.value === undefined && input.actions === undefined)
      ctx.addIssue({ code: 'custom', path: ['value'], message: 'Send value or actions.' })
    const keys = input.actions?.map((one) => one.key) ?? []
    if (input.approvers !== undefined && input.link === 'bearer')
      ctx.addIssue({ code: 'custom', path: ['link'], message: 'approvers need link: signed_in.' })
    const named = input.link === 'bearer' && (['passkey', 'release'] as const).find((field) => Boolean(input[field]))
    if (named) ctx.addIssue({ code: 'custom', path: ['link'], message: `${named} needs link: signed_in.` })
    const leaving = [input.release?.secret, input.release?.account, input.release?.value].filter(
      (one) => one !== undefined,
    )
    if (input.release && leaving.length !== 1)
      ctx.addIssue({ code: 'custom', path: ['release'], message: 'Send one of secret, account and value.' })
    if (input.release?.codes !== undefined && input.release.account === undefined)
      ctx.addIssue({ code: 'custom', path: ['release', 'codes'], message: 'Only an account has codes.' })
    if (new Set(keys).size !== keys.length)
      ctx.addIssue({ code: 'custom', path: ['actions'], message: 'Each action needs a key of its own.' })
  })
