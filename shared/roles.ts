import type { Scope } from './scopes.ts'

/** What a person may be in a project, from least to most (seed 3). */
export const roles = ['VIEWER', 'MEMBER', 'ADMIN', 'OWNER'] as const

export type Role = (typeof roles)[number]

/** True when `role` is `least` or more. */
export const atLeast = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least)

/** The least role that may do by hand what a key needs this scope for. */
export const roleOf: Readonly<Record<Scope, Role>> = {
  'values:read': 'VIEWER',
  'values:write': 'MEMBER',
  'approvals:read': 'VIEWER',
  'approvals:write': 'MEMBER',
  'accounts:read': 'VIEWER',
  'accounts:codes': 'VIEWER',
  'accounts:write': 'MEMBER',
  'accounts:export': 'ADMIN',
  'secrets:read': 'VIEWER',
  'secrets:write': 'MEMBER',
  'permissions:request': 'MEMBER',
  'agents:read': 'VIEWER',
  'agents:write': 'ADMIN',
  'users:read': 'VIEWER',
  'users:write': 'ADMIN',
  'audit:read': 'ADMIN',
  'settings:read': 'VIEWER',
  'settings:write': 'ADMIN',
  'keys:read': 'ADMIN',
  'keys:write': 'ADMIN',
  '*': 'OWNER',
}

/** What each role is for, in one sentence. */
export const roleWords: Readonly<Record<Role, string>> = {
  VIEWER: 'Reads approvals and values.',
  MEMBER: 'Decides and asks for approvals, sets values, and shares secrets.',
  ADMIN: 'Also hands out keys, invites people, reads the log, and changes settings.',
  OWNER: 'Everything; a project keeps at least one.',
}
