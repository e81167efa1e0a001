import { z } from 'zod'
import { actorRef, id, keyPath, secret, style, text, time, valueText } from '../words.ts'
import { progress } from './approver.ts'
import { shownRelease } from './release.ts'

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

export const shownAction = z
  .strictObject({
    key: actionKey,
    label: z.string(),
    style,
    veto: z.boolean().optional().meta({
      description: 'As it was asked for; absent: `style: danger` is a veto where several must agree.',
    }),
  })
  .meta({ id: 'ShownAction', description: 'A button as the approver sees it.' })

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
