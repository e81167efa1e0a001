import { createRouter } from '@tanstack/react-router'
import { project, root } from './routes/frame.ts'
import * as keeping from './routes/keeping.ts'
import * as person from './routes/person.ts'
import * as work from './routes/work.ts'

/** Every address of the dashboard. Filters, pages and open drawers stand in the address. */
const tree = root.addChildren([
  person.signIn,
  person.setup,
  person.join,
  person.resetPassword,
  person.account,
  person.newProject,
  person.home,
  project.addChildren([
    work.inbox,
    work.approvals,
    work.newApproval,
    work.values,
    work.secrets,
    work.shareSecret,
    work.askForSecret,
    work.codes,
    work.newAccount,
    work.importAccounts,
    work.agents,
    work.newAgent,
    work.agent,
    work.newPolicy,
    work.policy,
    work.requests,
    work.request,
    keeping.connections,
    keeping.keys,
    keeping.newKey,
    keeping.audit,
    keeping.people,
    keeping.settings,
    keeping.runThis,
  ]),
])

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: the router's own interface is extended, which a type cannot do
  interface Register {
    router: typeof router
  }
}
