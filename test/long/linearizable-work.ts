import type { Learned, openHistory } from '../faults/history.ts'
import type { SingleUse, SingleUseAnswer, Versioned, VersionedAnswer } from '../faults/linearizable.ts'
import type { Ask, Reply } from '../http.ts'

/** Asks some node; what it cannot say is told by `learn`. */
export type AskSome = (method: string, path: string, ask?: Ask) => Promise<Reply>

type History<Input, Output> = ReturnType<typeof openHistory<Input, Output>>

/** What all calls are recorded in, by what can be asked of the thing. */
export type Histories = {
  values: History<Versioned, VersionedAnswer>
  once: History<SingleUse, SingleUseAnswer>
  thrice: History<'use' | 'read', number | 'refused'>
}

/** Who asks: a project's key, an agent's test key, and where pages say that they are. */
export type Asker = { ask: AskSome; key: string; testKey: string; origin: string; histories: Histories }

/** A thing under test: does one call of a client at random. It is over when enough is known of it. */
export type Thing = { call(client: number): Promise<void>; isOver(): boolean }

const roll = (chances: readonly number[]): number => {
  let at = Math.random()
  return chances.findIndex((chance) => {
    at -= chance
    return at < 0
  })
}

/** What a caller learns of a request: a refused connection did not happen, one that broke or a 5xx may have. */
async function learn<Output>(asked: Promise<Reply>, read: (reply: Reply) => Output): Promise<Learned<Output>> {
  let reply: Reply
  try {
    reply = await asked
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED' ? 'nothing' : 'maybe'
  }
  return reply.status >= 500 ? 'maybe' : { output: read(reply) }
}

/** Of a reading that failed nothing is known. */
async function learnRead<Output>(asked: Promise<Reply>, read: (reply: Reply) => Output): Promise<Learned<Output>> {
  const learned = await learn(asked, read)
  return learned === 'maybe' ? 'nothing' : learned
}

function unexpected({ status, text }: Reply): never {
  throw new Error(`An answer that nobody expected: ${status} ${text}`)
}

let named = 0
const newName = () => `${named++}`

/** A value: written, written over a version, read, waited for. Every text is another one. */
export function valueThing({ ask, key, histories: { values } }: Asker): Thing {
  const name = newName()
  const path = `/v1/key/linear/${name}`
  let [calls, newest] = [0, 0]
  const seen = (answer: VersionedAnswer) => {
    newest = Math.max(newest, answer.version)
    return answer
  }
  const standing = (reply: Reply): VersionedAnswer => {
    if (reply.status === 404) return { version: 0, value: null }
    if (reply.status !== 200 && reply.status !== 201) return unexpected(reply)
    return seen({ version: Number(reply.body.version), value: String(reply.body.value) })
  }
  const write = (client: number, headers: Record<string, string>, expects?: number) => {
    const text = `${name} ${newName()}`
    const input = expects === undefined ? { write: text } : { write: text, expects }
    return values.record(path, client, input, async () => {
      const asked = ask('PUT', `${path}?view=full`, {
        key,
        body: text,
        headers: { 'content-type': 'text/plain', ...headers },
      })
      let isRefused = false
      const learned = await learn(asked, (reply) => {
        isRefused = reply.status === 412
        return isRefused ? { version: 0, value: null } : standing(reply)
      })
      // That the version was another one says too little to be judged.
      return isRefused ? 'nothing' : learned
    })
  }
  return {
    async call(client) {
      calls++
      const what = roll([0.3, 0.15, 0.05, 0.5])
      if (what === 0) await write(client, {})
      else if (what === 1 && newest > 0) await write(client, { 'if-match': `"${newest}"` }, newest)
      else {
        const query = what === 2 ? '?view=full&wait=1' : '?view=full'
        await values.record(path, client, 'read', () => learnRead(ask('GET', path + query, { key }), standing))
      }
    },
    isOver: () => calls >= 400,
  }
}

/** An approval: its buttons pressed, invalidated, and read from all sides: itself, its link, and the value that it sets. */
export async function approvalThing({ ask, key, origin, histories: { once } }: Asker): Promise<Thing | undefined> {
  const keyPath = `asked/${newName()}`
  const actions = ['a', 'b'].map((one) => ({ key: one, value: `by ${one}` }))
  const made = await learn(
    ask('POST', '/v1/approvals', { key, body: { key_path: keyPath, actions, initial_value: 'none' } }),
    ({ body }) => ({ id: String(body.approval_id), token: String(body.url).slice(-26) }),
  )
  if (typeof made === 'string') return undefined
  const { id, token } = made.output
  const link = `/v1/link/approvals/${token}`
  const opened = await learn(ask('GET', link), ({ headers, body }) => ({
    cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '',
    proof: { csrf_token: body.csrf_token, action_hash: body.action_hash },
  }))
  if (typeof opened === 'string') return undefined
  const { cookie, proof } = opened.output
  const done = (reply: Reply): SingleUseAnswer => {
    if (reply.status === 200) return 'done'
    // Invalidating twice is as good as once.
    if (reply.status === 204) return 'holds'
    return /^APPROVAL_/.test(String(reply.body.code)) ? 'refused' : unexpected(reply)
  }
  let calls = 0
  const read = (client: number, path: string, states: (reply: Reply) => readonly string[]) =>
    once.record(id, client, 'read', () => learnRead(ask('GET', path, { key }), states))
  const byStatus = (reply: Reply): readonly string[] => {
    if (reply.status !== 200) return unexpected(reply)
    return reply.body.status === 'executed' ? ['executed a', 'executed b'] : [String(reply.body.status)]
  }
  const byDecision = (reply: Reply): readonly string[] => {
    const { decision } = reply.body
    if (typeof decision === 'object' && decision && 'action' in decision) return [`executed ${decision.action}`]
    return byStatus(reply)
  }
  const byValue = (reply: Reply): readonly string[] => {
    if (reply.text === '"none"') return ['pending', 'invalidated']
    return [`executed ${/^"by (a|b)"$/.exec(reply.text)?.[1] ?? unexpected(reply)}`]
  }
  return {
    async call(client) {
      calls++
      const what = roll([0.12, 0.03, 0.3, 0.2, 0.05, 0.3])
      const headers = { cookie, origin, 'sec-fetch-site': 'same-origin' }
      const action = Math.random() < 0.5 ? 'a' : 'b'
      if (what === 0)
        await once.record(id, client, { use: `executed ${action}` }, () =>
          learn(ask('POST', `${link}/act`, { headers, body: { action, ...proof } }), done),
        )
      else if (what === 1)
        await once.record(id, client, { use: 'invalidated' }, () =>
          learn(ask('POST', `/v1/approvals/${id}/invalidate`, { key, body: {} }), done),
        )
      else if (what === 2) await read(client, `/v1/approvals/${id}`, byDecision)
      else if (what === 3) await read(client, link, byStatus)
      else if (what === 4) await read(client, `/v1/approvals/${id}?wait=1`, byDecision)
      else await read(client, `/v1/key/${keyPath}`, byValue)
    },
    isOver: () => calls >= 24,
  }
}

/** A one-time secret: retrieved, burned, and looked at. */
export async function secretThing({ ask, key, histories: { once } }: Asker): Promise<Thing | undefined> {
  const made = await learn(ask('POST', '/v1/share', { key, body: { secret: 'text', ttl: 86_400 } }), ({ body }) => ({
    secret: `/v1/secret/${body.secret_key}`,
    receipt: `/v1/private/${body.metadata_key}`,
  }))
  if (typeof made === 'string') return undefined
  const { secret, receipt } = made.output
  let calls = 0
  const retrieved = (reply: Reply): SingleUseAnswer =>
    reply.status === 200 ? 'done' : reply.status === 404 ? 'refused' : unexpected(reply)
  const burned = (reply: Reply): SingleUseAnswer => {
    if (reply.status === 404) return ['received']
    // Burning twice is as good as once.
    return reply.status === 200 ? 'holds' : unexpected(reply)
  }
  const state = (reply: Reply): readonly string[] => {
    if (reply.status !== 200) return unexpected(reply)
    const now = String(reply.body.state)
    return [now === 'new' || now === 'viewed' ? 'pending' : now]
  }
  return {
    async call(client) {
      calls++
      const what = roll([0.15, 0.05, 0.8])
      if (what === 0)
        await once.record(secret, client, { use: 'received' }, () =>
          learn(ask('POST', secret, { key, body: {} }), retrieved),
        )
      else if (what === 1)
        await once.record(secret, client, { use: 'burned' }, () =>
          learn(ask('POST', `${receipt}/burn`, { key, body: {} }), burned),
        )
      else await once.record(secret, client, 'read', () => learnRead(ask('GET', receipt, { key }), state))
    },
    isOver: () => calls >= 20,
  }
}

/** A permission that may be used three times: used, and verified. */
export async function permissionThing({ ask, testKey: key, histories: { thrice } }: Asker): Promise<Thing | undefined> {
  const made = await learn(
    ask('POST', '/v1/permissions/request', { key, body: { action: 'email.send', uses: 3 } }),
    ({ body }) => ({ path: `/v1/permissions/${body.id}`, token: body.token }),
  )
  if (typeof made === 'string') return undefined
  const { path, token } = made.output
  let calls = 0
  const left = (reply: Reply): number | 'refused' => {
    if (reply.status === 200) return Number(reply.body.uses_remaining)
    return reply.body.code === 'TOKEN_USED' ? 'refused' : unexpected(reply)
  }
  return {
    async call(client) {
      calls++
      const body = { token }
      if (Math.random() < 0.3)
        await thrice.record(path, client, 'use', () => learn(ask('POST', `${path}/use`, { key, body }), left))
      else
        await thrice.record(path, client, 'read', () => learnRead(ask('POST', `${path}/verify`, { key, body }), left))
    },
    isOver: () => calls >= 16,
  }
}
