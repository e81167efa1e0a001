import { findDetail } from '../agents/detail.ts'
import { revokeAgentKeys } from '../agents/ending.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { change, theProject } from './world.ts'

export type AgentRevokeOptions = { id: string; keyId?: string; project?: string; json?: boolean }

/** `agent:revoke`: ends the keys of an agent, or one, for good, at once on every node; again is no fault. */
export async function agentRevoke(terminal: Terminal, { id, keyId, project, json }: AgentRevokeOptions): Promise<void> {
  const { ended, detail, name } = await change(terminal, async (sql, ctx) => {
    const { id: projectId, name } = await theProject(sql, project)
    const ended = await revokeAgentKeys(sql, ctx, projectId, id, keyId)
    return { ended, detail: await findDetail(sql, projectId, id), name }
  })
  if (!ended)
    throw new CommandFault(
      keyId !== undefined && detail
        ? `The agent ${detail.name} has no key ${keyId}.`
        : `The project ${name} has no agent ${id}.`,
    )
  if (json) return terminal.out(JSON.stringify(detail))
  const keys = ended.keys === 1 ? '1 key' : `${ended.keys} keys`
  terminal.out(`Agent ${id} (${ended.name}): ${keys} revoked.`)
}
