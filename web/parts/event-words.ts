import type { EventName } from '../../shared/events.ts'

/** What happened, in words after which nothing else is needed. */
const words: Readonly<Record<EventName, string>> = {
  'project.created': 'Project created',
  'project.renamed': 'Project renamed',
  'settings.changed': 'Settings changed',
  'key.created': 'API key created',
  'key.changed': 'API key changed',
  'key.rotated': 'API key rotated',
  'key.revoked': 'API key revoked',
  'key.aged': 'API key is old',
  'key.unusual': 'API key used from a new network',
  'person.joined': 'Person joined',
  'person.role_changed': 'Role changed',
  'person.disabled': 'Person removed',
  'person.signed_in': 'Signed in',
  'person.signed_out': 'Signed out',
  'person.sign_in_failed': 'Sign-in failed',
  'person.secured': 'Sign-in changed',
  'invitation.created': 'Invitation sent',
  'invitation.resent': 'Invitation sent again',
  'invitation.revoked': 'Invitation revoked',
  'audit.exported': 'Audit log exported',
  'audit.dropped': 'Old audit entries dropped',
  'value.set': 'Value set',
  'value.deleted': 'Value deleted',
  'approval.created': 'Approval asked for',
  'approval.executed': 'Approval decided',
  'approval.expired': 'Approval expired',
  'approval.invalidated': 'Approval invalidated',
  'approval.reported': 'Reported as not expected',
  'approval.pin_failed': 'Wrong PIN or number',
  'approval.locked': 'Approval locked',
  'secret.created': 'Secret shared',
  'secret.file_stored': 'File of a secret uploaded',
  'secret.file_read': 'File of a secret downloaded',
  'secret.viewed': 'Metadata of a secret looked at',
  'secret.received': 'Secret read',
  'secret.burned': 'Secret burned',
  'secret.expired': 'Secret expired unread',
  'secret.contested': 'Somebody came for a secret that was read',
  'secret.passphrase_failed': 'Wrong passphrase',
  'ask.created': 'Secret asked for',
  'ask.answered': 'Ask answered',
  'ask.cancelled': 'Ask cancelled',
  'ask.expired': 'Ask expired unanswered',
}

/** The words for an action; one that is newer than this page stands as its name. */
export const wordsOf = (action: string): string =>
  Object.entries(words).find(([name]) => name === action)?.[1] ?? action

/** Every action with its words, for a filter. */
export const allActions: Readonly<Record<EventName, string>> = words
