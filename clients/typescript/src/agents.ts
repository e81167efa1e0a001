import type { components, operations } from './api.ts'
import { answerOf, type Http, type MakingOptions, type Options, onceUnder } from './http.ts'
import { type Listing, listingOf } from './listing.ts'

type Body<Name extends 'agents.create' | 'agents.update' | 'agents.createKey'> = NonNullable<
  operations[Name]['requestBody']
>['content']['application/json']

export type Agent = components['schemas']['Agent']
export type AgentDetail = components['schemas']['AgentDetail']
export type CreatedAgent = components['schemas']['CreatedAgent']
export type CreatedApiKey = components['schemas']['CreatedApiKey']
export type NewAgent = Body<'agents.create'>
export type AgentChange = Body<'agents.update'>
export type NewAgentKey = Body<'agents.createKey'>

/** Programs that ask before they act; for keys with the rights to make them, not for agents themselves. */
export const agentsOf = ({ api, harmless }: Http) => ({
  /** Makes an agent and its first key, whose text is `api_key` of this answer and nowhere else. */
  async create(wish: NewAgent, { idempotencyKey, signal }: MakingOptions = {}): Promise<CreatedAgent> {
    const params = { header: onceUnder(idempotencyKey) }
    return answerOf(await api.POST('/agents', { params, body: wish, signal }))
  },

  /** Agents, newest first. */
  list: (filter: { q?: string; limit?: number } = {}, { signal }: Options = {}): Listing<Agent> =>
    listingOf(async (cursor) =>
      answerOf(await api.GET('/agents', { params: { query: { ...filter, cursor } }, signal })),
    ),

  /** An agent with its keys, never their texts, and what came of its requests. */
  get: async (agentId: string, { signal }: Options = {}): Promise<AgentDetail> =>
    answerOf(await api.GET('/agents/{agentId}', { params: { path: { agentId } }, signal })),

  /** Changes the fields that are given; `disabled` stops all its keys at once. */
  async update(agentId: string, change: AgentChange, { signal }: Options = {}): Promise<Agent> {
    const params = { path: { agentId } }
    return answerOf(await api.PATCH('/agents/{agentId}', { params, body: change, signal }))
  },

  /** Makes another key, so that the old one can go when all use the new one. */
  async createKey(
    agentId: string,
    wish: NewAgentKey = {},
    { idempotencyKey, signal }: MakingOptions = {},
  ): Promise<CreatedApiKey> {
    const params = { path: { agentId }, header: onceUnder(idempotencyKey) }
    return answerOf(await api.POST('/agents/{agentId}/keys', { params, body: wish, signal }))
  },

  /** Revokes all its keys, or the one that is named, for good. */
  async revoke(agentId: string, { keyId, signal }: Options & { keyId?: string } = {}): Promise<AgentDetail> {
    const params = { path: { agentId } }
    const body = keyId === undefined ? {} : { key_id: keyId }
    return answerOf(await api.POST('/agents/{agentId}/revoke', { params, body, signal, fetch: harmless }))
  },
})
