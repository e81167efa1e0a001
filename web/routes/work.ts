import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { oneOf, search, text, yes } from '../search.ts'
import { project } from './frame.ts'

/* Where the people of a project work: what waits, what is kept, and who asks. */

export const inbox = createRoute({
  getParentRoute: () => project,
  path: '/',
  validateSearch: search({ open: text }),
  component: lazyRouteComponent(() => import('../pages/inbox/inbox.tsx'), 'Inbox'),
})

export const approvals = createRoute({
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
  component: lazyRouteComponent(() => import('../pages/approvals/approvals.tsx'), 'Approvals'),
})

export const newApproval = createRoute({
  getParentRoute: () => project,
  path: '/approvals/new',
  component: lazyRouteComponent(() => import('../pages/approvals/new-approval.tsx'), 'NewApproval'),
})

export const values = createRoute({
  getParentRoute: () => project,
  path: '/values',
  validateSearch: search({ prefix: text, open: text }),
  component: lazyRouteComponent(() => import('../pages/values/values.tsx'), 'Values'),
})

export const secrets = createRoute({
  getParentRoute: () => project,
  path: '/secrets',
  validateSearch: search({
    tab: oneOf('secrets', 'asks', 'kept'),
    state: oneOf('new', 'viewed', 'received', 'burned', 'expired'),
    mine: yes,
    q: text,
    status: oneOf('open', 'answered', 'cancelled', 'expired'),
    open: text,
  }),
  component: lazyRouteComponent(() => import('../pages/secrets/secrets.tsx'), 'Secrets'),
})

export const shareSecret = createRoute({
  getParentRoute: () => project,
  path: '/secrets/new',
  component: lazyRouteComponent(() => import('../pages/secrets/share.tsx'), 'ShareSecret'),
})

export const askForSecret = createRoute({
  getParentRoute: () => project,
  path: '/secrets/ask',
  component: lazyRouteComponent(() => import('../pages/secrets/ask.tsx'), 'AskForSecret'),
})

export const codes = createRoute({
  getParentRoute: () => project,
  path: '/codes',
  validateSearch: search({ q: text, tag: text, account: text, tab: oneOf('details', 'access', 'log'), added: text }),
  component: lazyRouteComponent(() => import('../pages/codes/codes.tsx'), 'Codes'),
})

export const newAccount = createRoute({
  getParentRoute: () => project,
  path: '/codes/new',
  component: lazyRouteComponent(() => import('../pages/codes/account/new-account.tsx'), 'NewAccount'),
})

export const importAccounts = createRoute({
  getParentRoute: () => project,
  path: '/codes/import',
  component: lazyRouteComponent(() => import('../pages/codes/import/import.tsx'), 'ImportAccounts'),
})

export const agents = createRoute({
  getParentRoute: () => project,
  path: '/agents',
  validateSearch: search({ tab: oneOf('agents', 'policies'), q: text }),
  component: lazyRouteComponent(() => import('../pages/agents/agents.tsx'), 'Agents'),
})

export const newAgent = createRoute({
  getParentRoute: () => project,
  path: '/agents/new',
  component: lazyRouteComponent(() => import('../pages/agents/new-agent.tsx'), 'NewAgent'),
})

export const agent = createRoute({
  getParentRoute: () => project,
  path: '/agents/$agent',
  component: lazyRouteComponent(() => import('../pages/agents/agent.tsx'), 'AgentPage'),
})

export const newPolicy = createRoute({
  getParentRoute: () => project,
  path: '/agents/policies/new',
  validateSearch: search({ agent: text }),
  component: lazyRouteComponent(() => import('../pages/policies/new-policy.tsx'), 'NewPolicy'),
})

export const policy = createRoute({
  getParentRoute: () => project,
  path: '/agents/policies/$policy',
  component: lazyRouteComponent(() => import('../pages/policies/policy.tsx'), 'PolicyPage'),
})

export const requests = createRoute({
  getParentRoute: () => project,
  path: '/requests',
  validateSearch: search({
    status: oneOf('pending', 'approved', 'denied', 'expired', 'used', 'revoked'),
    agent: text,
    action: text,
  }),
  component: lazyRouteComponent(() => import('../pages/requests/requests.tsx'), 'Requests'),
})

/** Where `approval_url` and the mails lead. */
export const request = createRoute({
  getParentRoute: () => project,
  path: '/requests/$request',
  component: lazyRouteComponent(() => import('../pages/requests/request-page.tsx'), 'RequestPage'),
})
