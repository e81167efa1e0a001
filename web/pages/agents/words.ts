import type { Scope } from '../../../shared/scopes.ts'
import type { Answers } from '../../api.ts'

export type AgentDetail = Answers['agents']['get']

/** What a key of an agent may do beside asking, as one chooses it. */
export const extras = {
  'approvals:write': 'Ask for approvals of its own wording',
  'approvals:read': 'Read approvals',
  'values:read': 'Read values',
  'values:write': 'Set values',
  'secrets:write': 'Share one-time secrets, and ask for them',
  'secrets:read': 'See what became of the secrets that it shared',
  'accounts:codes': 'Get codes of TOTP accounts',
  'accounts:read': 'See which TOTP accounts there are',
} as const satisfies Partial<Record<Scope, string>>

export type Extra = keyof typeof extras

// The keys of a literal object are exactly its type's keys.
export const allExtras = Object.keys(extras) as Extra[]

/** "1 key", "2 keys". */
export const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`

/** What only an admin may do, for everybody else. */
export const adminsOnly = 'Only admins and owners of the project change agents, their keys and policies.'

/** What happens to the requests of an agent whose keys stop. */
export const withdrawn = (pending: number) =>
  pending === 0
    ? 'It has no request that waits for an answer.'
    : `${counted(pending, 'request')} of it that ${pending === 1 ? 'waits' : 'wait'} for an answer ${
        pending === 1 ? 'is' : 'are'
      } withdrawn, and cannot be brought back.`
