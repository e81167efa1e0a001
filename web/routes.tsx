import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router'
import { calls, whoAmI } from './call.ts'
import { Lost } from './pages/dashboard/lost.tsx'
import { Shell } from './pages/dashboard/shell.tsx'
import { faultOf } from './parts/fault.ts'
import { projectIn } from './project.tsx'
import { oneOf, search, text, yes } from './search.ts'
import { Failed } from './ui/failed.tsx'

/** Every address of the dashboard, and what it draws. Filters, pages and open drawers stand in the address. */

const root = createRootRoute({ notFoundComponent: Lost, errorComponent: Failed })

/** Where to come back to after signing in: a path of our own, in the fragment, which is never sent to anybody. */
export const nextAfter = (location: { href: string }) => `next=${encodeURIComponent(location.href)}`

/** The person, or off to the sign-in page. */
async function mustBeSignedIn({ location }: { location: { href: string } }) {
  try {
    return { me: await calls.ensureQueryData(whoAmI) }
  } catch (error) {
    if (faultOf(error).code === 'SIGNED_OUT') throw redirect({ to: '/sign-in', hash: nextAfter(location) })
    throw error
  }
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: search({ error: text }),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in.tsx'), 'SignIn'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: search({ error: text }),
  component: lazyRouteComponent(() => import('./pages/setup/setup.tsx'), 'Setup'),
})

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch: search({ error: text }),
  component: lazyRouteComponent(() => import('./pages/join/join.tsx'), 'Join'),
})

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./pages/sign-in/reset-password.tsx'), 'ResetPassword'),
})

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  beforeLoad: mustBeSignedIn,
  component: lazyRouteComponent(() => import('./pages/account/account.tsx'), 'Account'),
})

const newProject = createRoute({
  getParentRoute: () => root,
  path: '/projects/new',
  beforeLoad: mustBeSignedIn,
  component: lazyRouteComponent(() => import('./pages/setup/new-project.tsx'), 'NewProject'),
})

/** `/p`: the first project, or the page that makes one. */
const home = createRoute({
  getParentRoute: () => root,
  path: '/p',
  beforeLoad: async (at) => {
    const { me } = await mustBeSignedIn(at)
    const [first] = me.projects
    if (!first) throw redirect({ to: '/projects/new' })
    throw redirect({ to: '/p/$project', params: { project: first.id } })
  },
})

const project = createRoute({
  getParentRoute: () => root,
  path: '/p/$project',
  beforeLoad: async ({ params, location }) => {
    const { me } = await mustBeSignedIn({ location })
    const here = projectIn(me.projects, params.project)
    if (!here) throw notFound()
    return { me, here }
  },
  component: Shell,
})

const inbox = createRoute({
  getParentRoute: () => project,
  path: '/',
  validateSearch: search({ open: text }),
  component: lazyRouteComponent(() => import('./pages/inbox/inbox.tsx'), 'Inbox'),
})

const approvals = createRoute({
  getParentRoute: () => project,
  path: '/approvals',
  validateSearch: search({
    status: oneOf('pending', 'executed', 'expired', 'invalidated', 'locked'),
    key_path: text,
    ref_id: text,
    since: text,
    until: text,
    open: text,
  }),
  component: lazyRouteComponent(() => import('./pages/approvals/approvals.tsx'), 'Approvals'),
})

const newApproval = createRoute({
  getParentRoute: () => project,
  path: '/approvals/new',
  component: lazyRouteComponent(() => import('./pages/approvals/new-approval.tsx'), 'NewApproval'),
})

const values = createRoute({
  getParentRoute: () => project,
  path: '/values',
  validateSearch: search({ prefix: text, open: text }),
  component: lazyRouteComponent(() => import('./pages/values/values.tsx'), 'Values'),
})

const secrets = createRoute({
  getParentRoute: () => project,
  path: '/secrets',
  validateSearch: search({
    tab: oneOf('secrets', 'asks'),
    state: oneOf('new', 'viewed', 'received', 'burned', 'expired'),
    mine: yes,
    q: text,
    status: oneOf('open', 'answered', 'cancelled', 'expired'),
    open: text,
  }),
  component: lazyRouteComponent(() => import('./pages/secrets/secrets.tsx'), 'Secrets'),
})

const shareSecret = createRoute({
  getParentRoute: () => project,
  path: '/secrets/new',
  component: lazyRouteComponent(() => import('./pages/secrets/share.tsx'), 'ShareSecret'),
})

const askForSecret = createRoute({
  getParentRoute: () => project,
  path: '/secrets/ask',
  component: lazyRouteComponent(() => import('./pages/secrets/ask.tsx'), 'AskForSecret'),
})

const codes = createRoute({
  getParentRoute: () => project,
  path: '/codes',
  validateSearch: search({ q: text, tag: text, account: text, tab: oneOf('details', 'access', 'log'), added: text }),
  component: lazyRouteComponent(() => import('./pages/codes/codes.tsx'), 'Codes'),
})

const newAccount = createRoute({
  getParentRoute: () => project,
  path: '/codes/new',
  component: lazyRouteComponent(() => import('./pages/codes/account/new-account.tsx'), 'NewAccount'),
})

const importAccounts = createRoute({
  getParentRoute: () => project,
  path: '/codes/import',
  component: lazyRouteComponent(() => import('./pages/codes/import/import.tsx'), 'ImportAccounts'),
})

const agents = createRoute({
  getParentRoute: () => project,
  path: '/agents',
  validateSearch: search({ tab: oneOf('agents', 'policies'), q: text }),
  component: lazyRouteComponent(() => import('./pages/agents/agents.tsx'), 'Agents'),
})

const newAgent = createRoute({
  getParentRoute: () => project,
  path: '/agents/new',
  component: lazyRouteComponent(() => import('./pages/agents/new-agent.tsx'), 'NewAgent'),
})

const agent = createRoute({
  getParentRoute: () => project,
  path: '/agents/$agent',
  component: lazyRouteComponent(() => import('./pages/agents/agent.tsx'), 'AgentPage'),
})

const newPolicy = createRoute({
  getParentRoute: () => project,
  path: '/agents/policies/new',
  validateSearch: search({ agent: text }),
  component: lazyRouteComponent(() => import('./pages/policies/new-policy.tsx'), 'NewPolicy'),
})

const policy = createRoute({
  getParentRoute: () => project,
  path: '/agents/policies/$policy',
  component: lazyRouteComponent(() => import('./pages/policies/policy.tsx'), 'PolicyPage'),
})

const requests = createRoute({
  getParentRoute: () => project,
  path: '/requests',
  validateSearch: search({
    status: oneOf('pending', 'approved', 'denied', 'expired', 'used', 'revoked'),
    agent: text,
    action: text,
  }),
  component: lazyRouteComponent(() => import('./pages/requests/requests.tsx'), 'Requests'),
})

/** Where `approval_url` and the mails lead. */
const request = createRoute({
  getParentRoute: () => project,
  path: '/requests/$request',
  component: lazyRouteComponent(() => import('./pages/requests/request-page.tsx'), 'RequestPage'),
})

const connections = createRoute({
  getParentRoute: () => project,
  path: '/connections',
  validateSearch: search({ tab: oneOf('channels', 'webhooks'), open: text }),
  component: lazyRouteComponent(() => import('./pages/connections/connections.tsx'), 'Connections'),
})

const keys = createRoute({
  getParentRoute: () => project,
  path: '/keys',
  validateSearch: search({
    tab: oneOf('keys', 'log'),
    q: text,
    status: oneOf('active', 'disabled', 'revoked', 'expired'),
    key: text,
    method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
    ip: text,
    since: text,
    until: text,
    failed: yes,
    open: text,
  }),
  component: lazyRouteComponent(() => import('./pages/keys/keys.tsx'), 'Keys'),
})

const newKey = createRoute({
  getParentRoute: () => project,
  path: '/keys/new',
  component: lazyRouteComponent(() => import('./pages/keys/new-key.tsx'), 'NewKey'),
})

const audit = createRoute({
  getParentRoute: () => project,
  path: '/audit',
  validateSearch: search({ actor: text, action: text, target: text, since: text, until: text, open: text }),
  component: lazyRouteComponent(() => import('./pages/audit/audit.tsx'), 'Audit'),
})

const people = createRoute({
  getParentRoute: () => project,
  path: '/people',
  validateSearch: search({ q: text }),
  component: lazyRouteComponent(() => import('./pages/people/people.tsx'), 'People'),
})

const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  validateSearch: search({
    tab: oneOf('project', 'api-access', 'retention', 'sessions', 'alerts', 'codes', 'guests', 'instance'),
  }),
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'Settings'),
})

const runThis = createRoute({
  getParentRoute: () => project,
  path: '/run-this',
  validateSearch: search({ key: text }),
  component: lazyRouteComponent(() => import('./pages/setup/run-this.tsx'), 'RunThis'),
})

const tree = root.addChildren([
  signIn,
  setup,
  join,
  resetPassword,
  account,
  newProject,
  home,
  project.addChildren([
    inbox,
    approvals,
    newApproval,
    values,
    secrets,
    shareSecret,
    askForSecret,
    codes,
    newAccount,
    importAccounts,
    agents,
    newAgent,
    agent,
    newPolicy,
    policy,
    requests,
    request,
    connections,
    keys,
    newKey,
    audit,
    people,
    settings,
    runThis,
  ]),
])

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: the router's own interface is extended, which a type cannot do
  interface Register {
    router: typeof router
  }
}
