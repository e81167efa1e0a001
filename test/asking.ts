import { expect } from 'vitest'
import type { World } from '../server/world.ts'
import { as } from './as.ts'
import { makeAsker } from './make.ts'
import { makePerson } from './people.ts'
import { runAction } from './runner.ts'
import { serve } from './serve.ts'

type Asked = { keyPath: string; stdout(): string }

/** A server, a key for it, a person who answers, and our action asking there. */
export async function actionAtWork() {
  const { url, world } = await serve()
  const { key, actor, project } = await makeAsker(world)
  const ana = await makePerson(world, project)
  const here = { url, 'api-key': key }

  let made = 0

  /** Starts the action under a value of its own. */
  function asking(inputs: Record<string, string> = {}, variables: Record<string, string> = {}, script?: string) {
    const keyPath = `gh/${++made}`
    return { keyPath, ...runAction({ ...here, 'key-path': keyPath, ...inputs }, variables, script) }
  }

  /** What a run has asked, as soon as it says that it waits; with the token of its link. */
  async function asked({ keyPath, stdout }: Asked, at: World = world, who = actor) {
    await expect.poll(stdout, { timeout: 30_000 }).toMatch(/\/a\/\w{26}\n/)
    const [, token = ''] = /\/a\/(\w{26})\n/.exec(stdout()) ?? []
    const { items } = await as(at, who).approvals.list({ key_path: keyPath, limit: 10 })
    const [found] = items
    if (!found) throw new Error(`Nothing was asked under ${keyPath}.`)
    return { ...found, token, count: items.length }
  }

  /** A person answers by name. */
  async function decide(run: Asked, chosen: string, comment?: string) {
    const { approval_id, action_hash } = await asked(run)
    await as(world, ana.actor).approvals.decide({ approval_id, action: chosen, action_hash, comment })
    return approval_id
  }

  /** Ends an approval by time, at once. */
  async function expire(run: Asked) {
    const { approval_id } = await asked(run)
    await world.db.sql`update approvals set expires_at = now() + interval '300 ms' where id = ${approval_id}`
    return approval_id
  }

  return { url, world, key, actor, project, ana, asking, asked, decide, expire }
}
