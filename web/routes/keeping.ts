import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { oneOf, search, text, yes } from '../search.ts'
import { project } from './frame.ts'

/* Where a project is looked after: connections, keys, the log, people, settings. */

export const connections = createRoute({
  getParentRoute: () => project,
  path: '/connections',
  validateSearch: search({ tab: oneOf('channels', 'webhooks'), open: text }),
  component: lazyRouteComponent(() => import('../pages/connections/connections.tsx'), 'Connections'),
})

export const keys = createRoute({
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
  component: lazyRouteComponent(() => import('../pages/keys/keys.tsx'), 'Keys'),
})

export const newKey = createRoute({
  getParentRoute: () => project,
  path: '/keys/new',
  component: lazyRouteComponent(() => import('../pages/keys/new-key.tsx'), 'NewKey'),
})

export const audit = createRoute({
  getParentRoute: () => project,
  path: '/audit',
  validateSearch: search({ actor: text, action: text, target: text, since: text, until: text, open: text }),
  component: lazyRouteComponent(() => import('../pages/audit/audit.tsx'), 'Audit'),
})

export const people = createRoute({
  getParentRoute: () => project,
  path: '/people',
  validateSearch: search({ q: text }),
  component: lazyRouteComponent(() => import('../pages/people/people.tsx'), 'People'),
})

export const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  validateSearch: search({
    tab: oneOf('project', 'api-access', 'retention', 'sessions', 'alerts', 'codes', 'guests', 'instance'),
  }),
  component: lazyRouteComponent(() => import('../pages/settings/settings.tsx'), 'Settings'),
})

export const runThis = createRoute({
  getParentRoute: () => project,
  path: '/run-this',
  validateSearch: search({ key: text }),
  component: lazyRouteComponent(() => import('../pages/setup/run-this.tsx'), 'RunThis'),
})
