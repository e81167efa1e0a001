import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { search, text } from '../search.ts'
import { mustBeSignedIn, root } from './frame.ts'

/* Addresses that belong to no project: signing in, setting up, and what is a person's own. */

export const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: search({ error: text }),
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in.tsx'), 'SignIn'),
})

export const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: search({ error: text }),
  component: lazyRouteComponent(() => import('../pages/setup/setup.tsx'), 'Setup'),
})

export const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch: search({ error: text }),
  component: lazyRouteComponent(() => import('../pages/join/join.tsx'), 'Join'),
})

export const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('../pages/sign-in/reset-password.tsx'), 'ResetPassword'),
})

export const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  beforeLoad: mustBeSignedIn,
  component: lazyRouteComponent(() => import('../pages/account/account.tsx'), 'Account'),
})

export const newProject = createRoute({
  getParentRoute: () => root,
  path: '/projects/new',
  beforeLoad: mustBeSignedIn,
  component: lazyRouteComponent(() => import('../pages/setup/new-project.tsx'), 'NewProject'),
})

/** `/p`: the first project, or the page that makes one. */
export const home = createRoute({
  getParentRoute: () => root,
  path: '/p',
  beforeLoad: async (at) => {
    const { me } = await mustBeSignedIn(at)
    const [first] = me.projects
    if (!first) throw redirect({ to: '/projects/new' })
    throw redirect({ to: '/p/$project', params: { project: first.id } })
  },
})
