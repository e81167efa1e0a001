import { z } from 'zod'
import { jsonObject, text } from '../words.ts'
import { actionHash, actionKey, matchNumber, pin } from './approval.ts'

/** Why an approval takes no decision any more, or never did. */
export const endedCodes = ['NOT_FOUND', 'APPROVAL_USED', 'APPROVAL_EXPIRED', 'APPROVAL_INVALIDATED', 'LOCKED'] as const

/** Why an approval that waits does not take this decision, by link or by name. */
export const decisionCodes = [
  'INVALID_ACTION_KEY',
  'ACTION_CHANGED',
  'PIN_REQUIRED',
  'WRONG_PIN',
  'MATCH_NUMBER_REQUIRED',
  'WRONG_MATCH_NUMBER',
  'COMMENT_REQUIRED',
  'COMMENT_OFF',
  'PASSKEY_REQUIRED',
  'WRONG_PASSKEY',
  'SIGN_IN_TO_DECIDE',
  'NOT_AN_APPROVER',
] as const

/** What a decision says, by link or by name. */
export const decisionFields = {
  action: text(200).meta({ description: 'The key of one of the actions.' }),
  action_hash: actionHash,
  pin: pin.optional().meta({ description: 'When `needs.pin`.' }),
  comment: text(2000).optional().meta({ description: 'As `needs.comment` says.' }),
  match_number: matchNumber.optional().meta({ description: 'When `needs.match_number`.' }),
  passkey: jsonObject.optional().meta({
    description: 'When `needs.passkey`: the answer of the browser (WebAuthn), whose challenge is the `action_hash`.',
  }),
}

/** What a decision answers: `pending` where more people must agree. */
export const decisionAnswer = z.strictObject({ status: z.enum(['executed', 'pending']), action: actionKey })

/** What a decision about a permission request may say as well, with its yes. */
export const permissionDecision = {
  /** Less than was asked: the same keys, and nothing wider (`shared/narrow.ts`). */
  scope: jsonObject.optional(),
  /** Yes to exactly this, as often as it is asked, for so many seconds: 1 minute to 8 hours. */
  standing_seconds: z.number().int().min(60).max(28_800).optional(),
}
