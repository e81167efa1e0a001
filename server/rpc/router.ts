import { contract } from '../../shared/contract/index.ts'
import { accounts } from '../accounts/index.ts'
import { agents } from '../agents/index.ts'
import { approvals } from '../approvals/index.ts'
import { asks } from '../asks/index.ts'
import { audit } from '../audit/index.ts'
import { channels } from '../channels/index.ts'
import { demo } from '../demo/index.ts'
import { feed } from '../feed/index.ts'
import { inbox } from '../inbox/index.ts'
import { instance } from '../instance/index.ts'
import { invitations } from '../invitations/index.ts'
import { kept } from '../kept/index.ts'
import { keys } from '../keys/index.ts'
import { me } from '../me/index.ts'
import { permissions } from '../permissions/index.ts'
import { policies } from '../policies/index.ts'
import { projects } from '../projects/index.ts'
import { push } from '../push/index.ts'
import { requests } from '../requests/index.ts'
import { secrets } from '../secrets/index.ts'
import { settings } from '../settings/index.ts'
import { setup } from '../setup/index.ts'
import { users } from '../users/index.ts'
import { values } from '../values/index.ts'
import { webhooks } from '../webhooks/index.ts'
import { serve } from './serve.ts'

/** One pipeline for each operation, which REST calls by its name and tRPC through the router. */
export const { router, pipelineOf } = serve(contract, {
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
})

export type AppRouter = typeof router
