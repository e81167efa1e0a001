import { z } from 'zod'
import { roles } from './roles.ts'
import { id, keyPath } from './words.ts'

const approvalFacts = z.strictObject({ approval_id: id, key_path: keyPath, ref_id: z.string().nullable() })
const keyFacts = z.strictObject({ key_id: id, name: z.string() })
const personFacts = z.strictObject({ person_id: id, name: z.string() })
const secretFacts = z.strictObject({ secret_id: id })
const accountFacts = z.strictObject({ account_id: id, name: z.string() })
/** Accounts by id, for what one request did with several. */
const accountIds = z.strictObject({ account_ids: z.array(id) })
/** Whom a grant is for: an address, or the name of a key. */
const grantFacts = accountFacts.extend({ to: z.string() })
const agentFacts = z.strictObject({ agent_id: id, name: z.string() })
const permissionFacts = z.strictObject({ permission_id: id, action: z.string(), resource: z.string().nullable() })
const policyFacts = z.strictObject({ policy_id: id, name: z.string() })
const webhookFacts = z.strictObject({ webhook_id: id, description: z.string() })
const channelFacts = z.strictObject({ channel_id: id, name: z.string() })
const browserFacts = z.strictObject({ subscription_id: id, name: z.string() })
const askFacts = z.strictObject({ ask_id: id, title: z.string() })
/** A release-only secret. */
const keptFacts = z.strictObject({ kept_id: id, name: z.string() })
const role = z.enum(roles)
const invitationFacts = z.strictObject({ invitation_id: id, email: z.string(), role })

/**
 * Everything that can be told of what happened: name → strict payload. Audit, webhooks and live feeds use the same
 * words. A payload never holds a value, a PIN, a link or a key.
 */
export const events = {
  'project.created': z.strictObject({ project_id: id, name: z.string() }),
  'project.renamed': z.strictObject({ project_id: id, name: z.string(), was: z.string() }),
  'settings.changed': z.strictObject({ fields: z.array(z.string()) }),
  'key.created': keyFacts.extend({ scopes: z.array(z.string()) }),
  'key.changed': keyFacts.extend({ fields: z.array(z.string()) }),
  'key.rotated': keyFacts.extend({ new_key_id: id, grace_seconds: z.number().int() }),
  'key.revoked': keyFacts,
  /** An alert: the key is older than 90 days, or came from a network that it never came from before. */
  'key.aged': keyFacts.extend({ days: z.number().int() }),
  'key.unusual': keyFacts.extend({ network: z.string() }),
  'person.joined': personFacts.extend({ role }),
  'person.role_changed': personFacts.extend({ role, was: role }),
  'person.disabled': personFacts,
  'person.signed_in': personFacts.extend({ method: z.enum(['password', 'github', 'passkey', 'two_factor', 'setup']) }),
  'person.signed_out': personFacts.extend({ sessions: z.number().int() }),
  'person.sign_in_failed': personFacts,
  'person.secured': personFacts.extend({
    change: z.enum([
      'password',
      'passkey_added',
      'passkey_removed',
      'two_factor_on',
      'two_factor_off',
      'github_linked',
      'reset_link_made',
    ]),
  }),
  'invitation.created': invitationFacts,
  'invitation.resent': invitationFacts,
  'invitation.revoked': invitationFacts,
  'audit.exported': z.strictObject({ format: z.enum(['ndjson', 'csv']), rows: z.number().int() }),
  /** Everything up to and including seal number `through` was dropped by the retention setting; heads are kept. */
  'audit.dropped': z.strictObject({ through: z.number().int(), rows: z.number().int() }),
  'value.set': z.strictObject({ key_path: keyPath, version: z.number().int() }),
  'value.deleted': z.strictObject({ key_path: keyPath, version: z.number().int() }),
  'approval.created': approvalFacts,
  /** Without a version when it set no value: a permission request. `narrowed`: less was allowed than was asked. */
  'approval.executed': approvalFacts.extend({
    action: z.string(),
    version: z.number().int().nullable(),
    narrowed: z.boolean().optional(),
  }),
  'approval.expired': approvalFacts,
  'approval.invalidated': approvalFacts,
  'approval.reported': approvalFacts,
  'approval.pin_failed': approvalFacts.extend({ attempts_left: z.number().int() }),
  'approval.locked': approvalFacts,
  /** Several must agree: somebody gave their vote, or changed it, or took it back. */
  'approval.voted': approvalFacts.extend({ action: z.string() }),
  'approval.vote_retracted': approvalFacts,
  /** What it releases was read by the key that asked; of these three one says what that is. `left`: how often it may be read yet. */
  'approval.released': approvalFacts.extend({
    kind: z.enum(['secret', 'codes', 'value']),
    left: z.number().int(),
    kept_id: id.optional(),
    account_ids: z.array(id).optional(),
    value_path: keyPath.optional(),
  }),
  /** Its receipt was used, which happens once. */
  'approval.receipt_consumed': z.strictObject({ approval_id: id }),
  'kept.created': keptFacts,
  'kept.changed': keptFacts.extend({ fields: z.array(z.string()) }),
  'kept.deleted': keptFacts,
  /** Keys read values at and below this path only by an approval, or again without one. */
  'value.guarded': z.strictObject({ key_path: keyPath }),
  'value.unguarded': z.strictObject({ key_path: keyPath }),
  'secret.created': secretFacts.extend({
    encrypted_by: z.enum(['server', 'browser']),
    ttl: z.number().int(),
    passphrase: z.boolean(),
    file: z.boolean(),
  }),
  /** Its file is there; and somebody who read the secret fetched it. */
  'secret.file_stored': secretFacts,
  'secret.file_read': secretFacts,
  /** Its metadata was looked at for the first time. */
  'secret.viewed': secretFacts,
  'secret.received': secretFacts,
  'secret.burned': secretFacts,
  'secret.expired': secretFacts,
  /** Somebody came for a secret that was read already; told once of each. */
  'secret.contested': secretFacts,
  'secret.passphrase_failed': secretFacts,
  'ask.created': askFacts,
  'ask.answered': askFacts.extend({ secret_id: id }),
  'ask.cancelled': askFacts,
  'ask.expired': askFacts,
  'agent.created': agentFacts,
  'agent.changed': agentFacts.extend({ fields: z.array(z.string()) }),
  'agent.revoked': agentFacts.extend({ keys: z.number().int() }),
  /** Asked, and answered at once unless `pending`: by the policy named, or because the key is a test key. */
  'permission.requested': permissionFacts.extend({
    status: z.enum(['pending', 'approved', 'denied']),
    policy_id: id.nullable(),
  }),
  'permission.used': permissionFacts.extend({ uses_remaining: z.number().int() }),
  'permission.revoked': permissionFacts.extend({ reason: z.string().nullable() }),
  'policy.created': policyFacts,
  'policy.changed': policyFacts.extend({ fields: z.array(z.string()) }),
  'policy.deleted': policyFacts,
  /** A yes for a while was given with an approval, and ended before its time. */
  'policy.standing': policyFacts.extend({ approval_id: id, expires_at: z.string() }),
  'policy.standing_ended': policyFacts,
  'channel.created': channelFacts.extend({ kind: z.string() }),
  'channel.changed': channelFacts.extend({ fields: z.array(z.string()) }),
  'channel.deleted': channelFacts,
  'channel.tested': channelFacts.extend({ delivered: z.boolean() }),
  /** Nothing is sent there any more: it answered that it is gone, or nothing arrived for days. */
  'channel.disabled': channelFacts.extend({ reason: z.enum(['gone', 'failing']) }),
  'push.subscribed': browserFacts,
  'push.unsubscribed': browserFacts.extend({ reason: z.enum(['by_hand', 'gone', 'left', 'taken_over']) }),
  'account.created': accountFacts,
  'account.imported': accountIds,
  'account.changed': accountFacts.extend({ fields: z.array(z.string()) }),
  'account.transferred': accountFacts.extend({ from: z.string().nullable(), to: z.string() }),
  'account.deleted': accountFacts,
  /** Codes were shown: one row for each request. Those in `counted` spent one of a number. */
  'account.codes_read': accountIds.extend({ counted: z.array(id) }),
  'account.code_copied': accountFacts,
  'account.exported': accountIds,
  'account.granted': grantFacts.extend({
    role: z.enum(['viewer', 'manager']),
    codes: z.number().int().nullable(),
    expires_at: z.string().nullable(),
  }),
  'account.revoked': grantFacts,
  /** Somebody left the project, or their invitation ended: grants of theirs ended, and accounts of theirs are nobody's. */
  'account.access_ended': accountIds.extend({ to: z.string() }),
  'webhook.created': webhookFacts,
  'webhook.changed': webhookFacts.extend({ fields: z.array(z.string()) }),
  'webhook.deleted': webhookFacts,
  'webhook.rotated': webhookFacts.extend({ grace_seconds: z.number().int() }),
  'webhook.tested': webhookFacts,
  /** So many events are sent to it again, or for the first time. */
  'webhook.replayed': webhookFacts.extend({ events: z.number().int() }),
  /** Gets nothing any more: it said that it is gone (410), or it failed for days. Whoever switches it off changes it. */
  'webhook.disabled': webhookFacts.extend({ reason: z.enum(['gone', 'failing']) }),
} as const

export type EventName = keyof typeof events

export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>
