import { z } from 'zod'
import { approver } from '../people.ts'
import { actorRef, id, keyPath, secret, style, text, time, valueText } from '../words.ts'

/** Where an approval stands (seed 0). Everything but `pending` is final. */
export const approvalStatus = z
  .enum(['pending', 'executed', 'expired', 'invalidated', 'locked'])
  .meta({ id: 'ApprovalStatus', description: 'Everything but `pending` is final.' })

export type ApprovalStatus = z.infer<typeof approvalStatus>

/** How many wrong PINs or numbers lock an approval (seed 0). */
export const attemptsAllowed = 5

export const actionKey = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'Takes 1 to 64 of A-Z a-z 0-9 . _ -')
const label = text(80).min(1)
export const pin = secret(z.string().regex(/^\d{4,12}$/, 'Must be 4 to 12 digits.'))
export const matchNumber = secret(z.string().regex(/^\d{3}$/, 'Must be three digits.'))
export const commentMode = z.enum(['optional', 'required', 'off'])

/** The link's capability: 26 Crockford base32 characters, 130 random bits. */
export const linkToken = secret(
  z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$/, 'Must be the last part of an approval link.')
    .meta({ example: '6XK8Q4R2M7T9V3W5Y1Z0ABCDEF' }),
)

/** `bearer`: whoever holds the link decides (seed 0). `signed_in`: the link asks who you are. */
export const linkMode = z.enum(['bearer', 'signed_in'])

const groupFields = {
  any_of: z
    .array(approver)
    .min(1)
    .max(50)
    .meta({
      example: ['ana@example.com', 'role:ADMIN'],
      description: 'E-mail addresses of people of the project, and roles.',
    }),
  required: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(1)
    .meta({ description: 'How many of them must agree; each person counts in one group only.' }),
}

/**
 * Who must agree, by e-mail address or role: every group reaches its count (AND), by distinct people. The rule is frozen at
 * creation, and the person who made the requesting key never counts.
 */
export const approverGroups = z.array(z.strictObject(groupFields)).min(1).max(5, 'Takes one to five groups.').meta({
  description:
    'Who must agree: every group reaches its count, by distinct people. The maker of the requesting key never counts then.',
})

export const actionHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Must be an action_hash as returned.')
  .meta({
    description: 'SHA-256 over the canonical JSON (RFC 8785) of everything the approver is shown and decides on.',
  })

export const action = z
  .strictObject({
    key: actionKey.meta({ example: 'approve', description: 'Names the action; unique among its actions.' }),
    value: valueText.meta({ description: 'What the value becomes when this action is chosen.' }),
    label: label.optional().meta({ example: 'Approve', description: 'Text of the button; made from `key` if absent.' }),
    style: style.optional(),
    veto: z.boolean().optional().meta({
      description:
        'Where several must agree: one person who chooses this ends it. As `style: danger` does when this is left out.',
    }),
  })
  .meta({ id: 'Action', description: 'One button of an approval, and the value it sets.' })

const shownAction = z
  .strictObject({
    key: actionKey,
    label: z.string(),
    style,
    veto: z.boolean().optional().meta({
      description: 'As it was asked for; absent: `style: danger` is a veto where several must agree.',
    }),
  })
  .meta({ id: 'ShownAction', description: 'A button as the approver sees it.' })

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

/** How far an approval that several give has come. Only for people and keys of its project. */
export const progress = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        any_of: z.array(z.string()),
        required: z.number().int(),
        have: z
          .number()
          .int()
          .meta({ description: 'How many who agree on the action that is furthest count here; each person once.' }),
      }),
    ),
    votes: z.array(
      z.strictObject({
        by: actorRef,
        action: z.string(),
        comment: z.string().nullable(),
        at: time,
        counts: z.boolean().meta({ description: 'False: they may no longer decide this.' }),
      }),
    ),
  })
  .meta({ id: 'Progress', description: 'Who has agreed so far, where more than one must.' })

const decision = z
  .strictObject({
    action: z.string(),
    label: z.string(),
    value: secret(z.string()),
    comment: z.string().nullable(),
    decided_by: actorRef,
    decided_at: time,
    evidence: z
      .strictObject({
        ip: z.string(),
        user_agent: z.string().nullable(),
        dwell_ms: z.number().int().nullable(),
      })
      .meta({ description: 'What was seen of the decider; dwell_ms is the time from first opening to deciding.' }),
  })
  .meta({ id: 'Decision', description: 'Which action was chosen, by whom and when.' })

/** An approval as its project sees it. Never the link, never the PIN. */
export const approval = z
  .strictObject({
    approval_id: id,
    kind: z.enum(['value', 'permission']).meta({
      description:
        '`value`: the decision sets the value `key_path`. `permission`: it answers the permission request of the same id, and `key_path` names that.',
    }),
    status: approvalStatus,
    key_path: keyPath,
    actions: z.array(shownAction.extend({ value: secret(z.string()) })),
    info: z.string().nullable(),
    ref_id: z.string().nullable(),
    payload: z.record(z.string(), z.unknown()).nullable(),
    action_hash: actionHash,
    needs: z.strictObject({ pin: z.boolean(), comment: commentMode, match_number: z.boolean(), passkey: z.boolean() }),
    attempts_left: z.number().int(),
    link: linkMode,
    approvers: z
      .array(z.strictObject({ any_of: z.array(z.string()), required: z.number().int() }))
      .nullable()
      .meta({ description: 'Who must agree; null: as `link` says.' }),
    progress: progress.nullable().meta({ description: 'Null: one person decides.' }),
    release: shownRelease.nullable(),
    created_at: time,
    created_by: actorRef,
    expires_at: time,
    ended_at: time.nullable(),
    ended_by: actorRef.nullable(),
    reported: z.boolean().meta({ description: 'The link holder said that this was not expected.' }),
    decision: decision.nullable(),
  })
  .meta({ id: 'Approval', description: 'An approval as its project sees it. Never its link, never its PIN.' })

/** An `action_hash` and an approval as the document shows them. */
export const exampleHash = 'c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a'

export const exampleApproval = {
  approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  kind: 'value',
  status: 'pending',
  key_path: 'deploy/prod',
  actions: [{ key: 'approve', label: 'Approve', style: 'primary', value: 'approved' }],
  info: 'Deploy v2.1.0 to production',
  ref_id: null,
  payload: null,
  action_hash: exampleHash,
  needs: { pin: false, comment: 'optional', match_number: false, passkey: false },
  attempts_left: 5,
  link: 'bearer',
  approvers: null,
  progress: null,
  release: null,
  created_at: '2025-01-01T12:20:00.000Z',
  created_by: { type: 'key', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'ci' },
  expires_at: '2025-01-01T12:30:00.000Z',
  ended_at: null,
  ended_by: null,
  reported: false,
  decision: null,
}

/** Reply of a creation: seed 0's three fields, then ours. `pin` and `match_number` are shown here once. */
export const createdApproval = z
  .strictObject({
    approval_id: id,
    url: secret(z.url()).meta({ description: 'The link to give to the approver. Whoever holds it may decide.' }),
    approval_url: z
      .url()
      .optional()
      .meta({ description: 'With `link: signed_in`: the dashboard page where a person decides. Holds no token.' }),
    expires_at: time,
    status: approvalStatus,
    action_hash: actionHash,
    pin: secret(z.string()).optional().meta({ description: 'The PIN made for `"pin": "generate"`; shown here only.' }),
    match_number: secret(z.string())
      .optional()
      .meta({ description: 'The number to show the approver; shown here only.' }),
  })
  .meta({ id: 'CreatedApproval', description: 'A new approval with its link.' })

/** Who may decide an approval that asks for sign-in, as the people of its project see it. */
const deciders = z
  .strictObject({
    named: z
      .array(z.string())
      .nullable()
      .meta({ description: 'E-mail addresses and roles, of all groups; null: any OWNER, ADMIN or MEMBER.' }),
    count: z.number().int().meta({ description: 'How many people may decide right now.' }),
  })
  .meta({ description: 'Who may decide. Only for signed-in people of the project, while it is pending.' })

/**
 * An approval as the holder of its link sees it. One that asks for sign-in tells a stranger who asks in which project, and
 * how long; `key_path` null says that the rest is hidden.
 */
export const opened = z
  .strictObject({
    status: approvalStatus,
    project: z.string(),
    key_path: keyPath.nullable().meta({
      description: 'Null: hidden, with everything else that is asked, until somebody of the project signs in.',
    }),
    info: z.string().nullable(),
    ref_id: z.string().nullable(),
    payload: z.record(z.string(), z.unknown()).nullable(),
    actions: z.array(shownAction),
    requested_by: z.strictObject({ name: z.string(), type: actorRef.shape.type }),
    created_at: time,
    expires_at: time,
    server_time: time,
    needs: z.strictObject({
      pin: z.boolean(),
      comment: commentMode,
      match_number: z.boolean(),
      passkey: z.boolean().meta({ description: 'Whoever decides proves it with a passkey of theirs.' }),
      sign_in: z
        .boolean()
        .meta({ description: 'A signed-in person of the project decides, not whoever holds the link.' }),
    }),
    attempts_left: z.number().int(),
    signed_in_as: z
      .strictObject({
        name: z.string(),
        may_decide: z.boolean(),
        why_not: z.string().optional().meta({ description: 'Why they may not decide, as a sentence.' }),
        vote: z.string().nullable().meta({ description: 'The action that they voted for, where several must agree.' }),
        passkeys: z
          .array(z.string())
          .optional()
          .meta({ description: 'With `needs.passkey`: the ids of theirs, as browsers know them.' }),
      })
      .optional()
      .meta({
        description: 'Who is signed in in this browser and will be recorded. Only on pages: REST knows no sessions.',
      }),
    deciders: deciders.optional(),
    progress: progress.nullable().meta({ description: 'Null: one person decides, or it is hidden.' }),
    release: shownRelease.nullable().meta({ description: 'What leaves with a yes; null also where it is hidden.' }),
    csrf_token: secret(z.string()),
    action_hash: actionHash,
    outcome: z
      .strictObject({
        at: time,
        action: shownAction.nullable(),
        comment: z.string().nullable(),
        by: z.string().nullable().meta({ description: 'Who decided, where that is shown.' }),
        by_you: z.boolean().meta({ description: 'Decided in this browser, or by the person signed in.' }),
        reported: z.boolean(),
      })
      .optional(),
  })
  .meta({ id: 'OpenedApproval', description: 'An approval as the holder of its link sees it.' })
