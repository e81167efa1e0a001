import { listAgents } from '../agents/agent.ts'
import { findDetail } from '../agents/detail.ts'
import type { Terminal } from './terminal.ts'
import { theProject, withWorld } from './world.ts'

/** `agent:list`: the agents of a project, newest first, each with its keys below it, ended ones included. */
export async function agentList(terminal: Terminal, options: { project?: string; json?: boolean }): Promise<void> {
  await withWorld(terminal, async ({ db: { sql } }) => {
    const { id: projectId } = await theProject(sql, options.project)
    const items = []
    for (const { id } of await listAgents(sql, projectId)) {
      const detail = await findDetail(sql, projectId, id)
      if (detail) items.push(detail)
    }
    if (options.json) return terminal.out(JSON.stringify({ items }))
    if (items.length === 0) terminal.err('This project has no agents.')
    for (const { id, name, disabled, pending, last_activity_at, keys } of items) {
      const state = disabled ? 'disabled' : 'enabled'
      terminal.out([id, name, state, `${pending} pending`, last_activity_at ?? 'never active'].join('\t'))
      for (const key of keys)
        terminal.out(['', key.id, `${key.prefix}…${key.last4}`, key.scopes.join(' '), key.status].join('\t'))
    }
  })
}
