import { z } from 'zod'
import { id, secret, time } from '../words.ts'
import { actionHash } from './approval.ts'
import { endpoint } from './endpoint.ts'
import { exampleReceipt, receiptText } from './receipt.ts'

/** What a decision is good for: reading what it releases, and proving it to whoever asks. */
export const approvalProofs = {
  release: endpoint({
    method: 'GET',
    path: '/approvals/{approval_id}/release',
    tag: 'Approvals',
    summary: 'Read what an approval releases',
    description:
      'Only the key that asked, or its successors, and only after a yes, within the seconds that were asked for. A secret or a value is read once; of an account as many codes as were asked for, one for each time step. Every reading is on record. A reply that was lost comes again for 60 s, to the same key under the same Idempotency-Key.',
    access: 'approvals:read',
    orAccess: ['approvals:write', 'permissions:request'],
    limit: 'secret',
    status: 200,
    idempotent: true,
    input: z.strictObject({
      approval_id: id,
      action_hash: actionHash
        .optional()
        .meta({ description: 'The one that its creation answered, to be sure that this is what was decided.' }),
    }),
    output: z.strictObject({
      kind: z.enum(['secret', 'codes', 'value']),
      secret: secret(z.string()).optional().meta({ description: 'The text of a release-only secret.' }),
      value: secret(z.string()).optional().meta({ description: 'The value, as it is at this moment.' }),
      code: secret(z.string()).optional().meta({ description: 'The code of the account.' }),
      code_expires_at: time.optional().meta({ description: 'When the code ends.' }),
      codes_left: z.number().int().optional().meta({ description: 'How many codes may be read after this one.' }),
      expires_at: time.meta({ description: 'Until when it may be read at all.' }),
    }),
    errors: [
      'NOT_FOUND',
      'NOTHING_TO_RELEASE',
      'NOT_THE_ASKER',
      'ACTION_CHANGED',
      'KEY_PATH_NOT_ALLOWED',
      'APPROVAL_PENDING',
      'RELEASE_DENIED',
      'RELEASE_USED',
      'RELEASE_EXPIRED',
      'STEP_USED',
      'KEY_MISSING',
    ],
    example: {
      output: {
        kind: 'codes',
        code: '492039',
        code_expires_at: '2025-01-01T12:22:00.000Z',
        codes_left: 0,
        expires_at: '2025-01-01T12:26:30.000Z',
      },
    },
  }),
  receipt: endpoint({
    method: 'GET',
    path: '/approvals/{approval_id}/receipt',
    tag: 'Receipts',
    summary: 'Read the signed receipt of a decision',
    description:
      'A compact JWS (RFC 7515, Ed25519 by RFC 8037) whose payload is canonical JSON (RFC 8785); its keys are at `/.well-known/jwks.json`, and anybody who has them can check it offline. Also of permission requests, those that a policy answered included.',
    access: 'approvals:read',
    orAccess: ['permissions:request'],
    limit: 'key read',
    status: 200,
    input: z.strictObject({ approval_id: id }),
    output: z.strictObject({ receipt: receiptText }),
    errors: ['NOT_FOUND', 'APPROVAL_PENDING', 'NO_RECEIPT', 'KEY_MISSING'],
    example: { output: { receipt: exampleReceipt } },
  }),
  consume: endpoint({
    method: 'POST',
    path: '/approvals/{approval_id}/receipt/consume',
    tag: 'Receipts',
    summary: 'Use a receipt, once',
    description:
      'Checks the receipt and marks it as used, atomically: of all who ask, one is told yes. That of a permission is taken until the permission is revoked or its time is over; uses of its token are counted apart.',
    access: 'approvals:write',
    orAccess: ['permissions:request'],
    limit: 'key write',
    status: 200,
    input: z.strictObject({ approval_id: id, receipt: receiptText }),
    output: z.strictObject({ approval_id: id, consumed_at: time }),
    errors: [
      'NOT_FOUND',
      'APPROVAL_PENDING',
      'NO_RECEIPT',
      'WRONG_RECEIPT',
      'RECEIPT_USED',
      'TOKEN_REVOKED',
      'TOKEN_EXPIRED',
    ],
    example: {
      input: { receipt: exampleReceipt },
      output: { approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', consumed_at: '2025-01-01T12:22:00.000Z' },
    },
  }),
}
