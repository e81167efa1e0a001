import { createRootRoute, createRoute, notFound, redirect } from '@tanstack/react-router'
import { calls, whoAmI } from '../call.ts'
import { Lost } from '../pages/dashboard/lost.tsx'
import { Shell } from '../pages/dashboard/shell.tsx'
import { faultOf } from '../parts/fault.ts'
import { projectIn } from '../project.tsx'
import { Failed } from '../ui/failed.tsx'

export const root = createRootRoute({ notFoundComponent: Lost, errorComponent: Failed })

/** Where to come back to after signing in: a path of our own, in the fragment, which is never sent to anybody. */
const nextAfter = (location: { href: string }) => `next=${encodeURIComponent(location.href)}`

/** The person, or off to the sign-in page. */
export async function mustBeSignedIn({ location }: { location: { href: string } }) {
  try {
    return { me: await calls.ensureQueryData(whoAmI) }
  } catch (error) {
    if (faultOf(error).code === 'SIGNED_OUT') throw redirect({ to: '/sign-in', hash: nextAfter(location) })
    throw error
  }
}

/** A project, for its members: what every room of it stands in. */
export const project = createRoute({
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
