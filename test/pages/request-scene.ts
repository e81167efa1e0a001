import type { Page } from 'playwright-core'
import type { World } from '../../server/world.ts'
import type { Role } from '../../shared/roles.ts'
import { askPermission, makeAgent, makeAgentKey } from '../agents.ts'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { makePerson } from '../people.ts'

/** What an agent asks in these tests: everything that can be allowed less, and something that cannot. */
export const wide = {
  to: ['ana@example.com', 'bo@example.com'],
  max: 5,
  attachments: true,
  template: 'refund',
  amount: { value: 20, currency: 'EUR' },
}

/** A project with an agent that asks and a person who is signed in; `answer`: what the agent reads of its request. */
export async function makeDesk(world: World, role: Role = 'OWNER') {
  const project = await makeProject(world)
  const { agent, actor, id: keyId } = await makeAgent(world, project)
  const person = await makePerson(world, project, role)
  const ask = async (wish: Parameters<typeof askPermission>[2] = {}, who = actor) => {
    const asked = await askPermission(world, who, { ttl: 3600, ...wish })
    const answer = () => as(world, who).permissions.get({ id: asked.id })
    return { ...asked, answer, path: `/p/${project.id}/requests/${asked.id}` }
  }
  const tester = () => makeAgentKey(world, project, agent, { env: 'test' })
  return { project, agent, actor, keyId, person, ask, tester, at: `/p/${project.id}` }
}

/** Holds the answers of several pages back until each has sent its own, so that they truly race. */
export async function race(pages: Page[]): Promise<void> {
  let sent = 0
  let release = () => {}
  const all = new Promise<void>((resolve) => {
    release = resolve
  })
  for (const page of pages)
    await page.route('**/approvals.decide*', async (route) => {
      sent += 1
      if (sent === pages.length) release()
      await all
      await route.continue()
    })
}
