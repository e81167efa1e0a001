import type { contract } from '../../shared/contract/index.ts'
import { findDecision } from '../receipts/decision.ts'
import { headOver } from '../receipts/head.ts'
import { signedText } from '../receipts/jws.ts'
import { signingKey } from '../receipts/keys.ts'
import type { Verb } from '../verb.ts'

/** The signed receipt of a decision, with the newest sealed head of the audit log, which covers it. */
export const receipt: Verb<typeof contract.approvals.receipt> = async (ctx, { approval_id }) => {
  const decision = await findDecision(ctx, approval_id, 'approvals:read')
  const audit_head = await headOver(ctx, approval_id)
  return { receipt: signedText(await signingKey(ctx.world), { ...decision, audit_head }) }
}
