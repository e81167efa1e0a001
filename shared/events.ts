import { z } from 'zod'
import { id, keyPath } from './words.ts'

const approvalFacts = z.strictObject({ approval_id: id, key_path: keyPath, ref_id: z.string().nullable() })

/**
 * Everything that can be told of what happened: name → strict payload. Audit, webhooks and live feeds use the same
 * words. A payload never holds a value, a PIN, a link or a key.
 */
export const events = {
  'project.created': z.strictObject({ project_id: id, name: z.string() }),
  'key.created': z.strictObject({ key_id: id, name: z.string(), scopes: z.array(z.string()) }),
  'key.revoked': z.strictObject({ key_id: id, name: z.string() }),
  'value.set': z.strictObject({ key_path: keyPath, version: z.number().int() }),
  'value.deleted': z.strictObject({ key_path: keyPath, version: z.number().int() }),
  'approval.created': approvalFacts,
  'approval.executed': approvalFacts.extend({ action: z.string(), version: z.number().int() }),
  'approval.expired': approvalFacts,
  'approval.invalidated': approvalFacts,
  'approval.reported': approvalFacts,
  'approval.pin_failed': approvalFacts.extend({ attempts_left: z.number().int() }),
  'approval.locked': approvalFacts,
} as const

export type EventName = keyof typeof events

export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>
