import { z } from 'zod'
import { actorRef, keyPath, secret, time } from '../words.ts'
import { actionHash, approvalStatus, commentMode, shownAction } from './approval.ts'
import { deciders, progress } from './approver.ts'
import { shownRelease } from './release.ts'

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
        by_you: z.boolean().meta({
          description: 'Decided in this browser, or by the person signed in; where several decide, with their vote.',
        }),
        reported: z.boolean(),
      })
      .optional(),
  })
  .meta({ id: 'OpenedApproval', description: 'An approval as the holder of its link sees it.' })
