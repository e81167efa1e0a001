import { accounts } from './accounts.ts'
import { agents } from './agents.ts'
import { approvals } from './approvals.ts'
import { asks } from './asks.ts'
import { audit } from './audit.ts'
import { channels } from './channels.ts'
import { demo } from './demo.ts'
import type { Feature } from './endpoint.ts'
import { feed } from './feed.ts'
import { inbox } from './inbox.ts'
import { instance } from './instance.ts'
import { invitations } from './invitations.ts'
import { kept } from './kept.ts'
import { keys } from './keys.ts'
import { me } from './me.ts'
import { permissions } from './permissions.ts'
import { policies } from './policies.ts'
import { projects } from './projects.ts'
import { push } from './push.ts'
import { requests } from './requests.ts'
import { secrets } from './secrets.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { users } from './users.ts'
import { values } from './values.ts'
import { webhooks } from './webhooks.ts'

/** The whole surface. A name here is a file under `server/` and a tRPC path, and an `operationId` when it has a path. */
export const contract = {
  values,
  approvals,
  secrets,
  kept,
  asks,
  accounts,
  agents,
  permissions,
  policies,
  demo,
  keys,
  requests,
  users,
  audit,
  feed,
  settings,
  me,
  projects,
  setup,
  invitations,
  inbox,
  instance,
  webhooks,
  channels,
  push,
} satisfies Record<string, Feature>

export type Contract = typeof contract
