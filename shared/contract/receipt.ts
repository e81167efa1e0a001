import { z } from 'zod'
import { actorRef, id, jsonObject, secret, time } from '../words.ts'
import { actionHash, actionKey } from './approval.ts'

/** A receipt: a compact JWS. It proves a decision and opens nothing; it is not logged, since it holds the value. */
export const receiptText = secret(
  z
    .string()
    .max(400_000)
    .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'Must be a receipt as returned.'),
)

/** What a receipt says (RFC 8785 makes its bytes); `typ` of its header is `countersign-receipt+jws`. */
export const receiptPayload = z
  .strictObject({
    approval_id: id.meta({ description: 'The approval, or the permission request that was answered without one.' }),
    project: id,
    action_hash: actionHash,
    action: actionKey,
    value: z.string().nullable().meta({ description: 'The value that the decision set; null: it set none.' }),
    scope: jsonObject.nullable().meta({ description: 'Of a permission request: what was allowed; null: a no.' }),
    decided_by: z.array(actorRef).min(1).meta({ description: 'Everybody whose yes counted.' }),
    decided_at: time,
    env: z.enum(['live', 'test']),
    audit_head: z
      .strictObject({
        number: z.number().int(),
        total: z.number().int(),
        head: z.string(),
        at: time,
        signature: z.string(),
        public_key: z.string(),
      })
      .nullable()
      .meta({
        description: 'The newest sealed head of the audit log when the receipt was made; null: nothing was sealed.',
      }),
  })
  .meta({ id: 'ReceiptPayload', description: 'What a receipt says.' })

/** A receipt as the document shows one; its signature fits no key. */
export const exampleReceipt = 'eyJhbGciOiJFZERTQSIsImtpZCI6ImtleSIsInR5cCI6ImNvdW50ZXJzaWduLXJlY2VpcHQrandzIn0.e30.AAAA'
