import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** Looks come once a period from everybody who has codes open, and change no account. */
const looks: readonly string[] = ['account.codes_read', 'account.code_copied']

/** Which lists an action makes stale: the first part of its name → the first part of their query keys. */
const staleBy: Readonly<Record<string, readonly string[]>> = {
  // A permission request that a person is asked is an approval too.
  approval: ['approvals', 'inbox', 'audit', 'values', 'permissions', 'agents'],
  value: ['values', 'audit'],
  secret: ['secrets', 'audit'],
  ask: ['asks', 'audit'],
  // What an approval releases is called by its name there.
  kept: ['kept', 'approvals', 'inbox', 'audit'],
  account: ['accounts', 'approvals', 'inbox', 'audit'],
  key: ['keys', 'agents', 'inbox', 'audit'],
  agent: ['agents', 'keys', 'permissions', 'approvals', 'inbox', 'audit'],
  permission: ['permissions', 'agents', 'policies', 'approvals', 'inbox', 'audit'],
  policy: ['policies', 'permissions', 'audit'],
  person: ['people', 'accounts', 'audit', 'me'],
  invitation: ['people', 'audit'],
  project: ['settings', 'audit', 'me'],
  settings: ['settings', 'accounts', 'audit'],
  channel: ['channels', 'audit'],
  push: ['push', 'audit'],
  webhook: ['webhooks', 'audit'],
}

const pollMs = 5000

/**
 * Keeps a project's pages live by server-sent events; while they do not come, everything on show is asked again every few
 * seconds. Answers whether they come.
 */
export function useLive(project: string): boolean {
  const client = useQueryClient()
  const [live, setLive] = useState(false)
  useEffect(() => {
    const refresh = (families: readonly string[]) => {
      for (const family of families) void client.invalidateQueries({ queryKey: [family, project] })
    }
    const source = new EventSource(`/v1/events?project=${project}`)
    source.onopen = () => setLive(true)
    source.onerror = () => setLive(false)
    const hear = ({ type }: Event) =>
      refresh((looks.includes(type) ? undefined : staleBy[type.split('.')[0] ?? '']) ?? ['audit'])
    for (const name of heard) source.addEventListener(name, hear)
    return () => source.close()
  }, [client, project])
  useEffect(() => {
    if (live) return
    const timer = setInterval(
      () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === project }),
      pollMs,
    )
    return () => clearInterval(timer)
  }, [client, live, project])
  return live
}

/** EventSource gives named events only to who asks for them by name. */
const heard = [
  'approval.created',
  'approval.executed',
  'approval.expired',
  'approval.invalidated',
  'approval.reported',
  'approval.pin_failed',
  'approval.locked',
  'approval.voted',
  'approval.vote_retracted',
  'approval.released',
  'approval.receipt_consumed',
  'value.set',
  'value.deleted',
  'value.guarded',
  'value.unguarded',
  'kept.created',
  'kept.changed',
  'kept.deleted',
  'secret.created',
  'secret.file_stored',
  'secret.file_read',
  'secret.viewed',
  'secret.received',
  'secret.burned',
  'secret.expired',
  'secret.contested',
  'secret.passphrase_failed',
  'ask.created',
  'ask.answered',
  'ask.cancelled',
  'ask.expired',
  'account.created',
  'account.imported',
  'account.changed',
  'account.transferred',
  'account.deleted',
  'account.codes_read',
  'account.code_copied',
  'account.exported',
  'account.granted',
  'account.revoked',
  'account.access_ended',
  'key.created',
  'key.changed',
  'key.rotated',
  'key.revoked',
  'key.aged',
  'key.unusual',
  'agent.created',
  'agent.changed',
  'agent.revoked',
  'permission.requested',
  'permission.used',
  'permission.revoked',
  'policy.created',
  'policy.changed',
  'policy.deleted',
  'policy.standing',
  'policy.standing_ended',
  'channel.created',
  'channel.changed',
  'channel.deleted',
  'channel.tested',
  'channel.disabled',
  'push.subscribed',
  'push.unsubscribed',
  'person.joined',
  'person.role_changed',
  'person.disabled',
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'project.renamed',
  'settings.changed',
  'webhook.created',
  'webhook.changed',
  'webhook.deleted',
  'webhook.rotated',
  'webhook.tested',
  'webhook.replayed',
  'webhook.disabled',
]
