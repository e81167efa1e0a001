import { readFileSync } from 'node:fs'
import createClient from 'openapi-fetch'
import type { paths } from './openapi-fetch/api.ts'

const [file = '', baseUrl = '', key = '', testKey = '', name = ''] = process.argv.slice(2)
const { approvals, secret, permission } = JSON.parse(readFileSync(file, 'utf8'))
const clientOf = (token: string) => createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } })
const [api, agent] = [clientOf(key), clientOf(testKey)]

function mustBe<Data>(data: Data | undefined): Data {
  if (data === undefined) throw new Error('refused')
  return data
}
const refusal = ({ error, response }: { error?: { code?: string }; response: Response }) => ({
  status: response.status,
  code: error?.code,
})

const made = []
for (const part of approvals.parts) {
  const body = { ...approvals.wish, key_path: `clients/${name}/${part}`, ref_id: name }
  made.push(mustBe((await api.POST('/approvals', { body })).data))
}
const one = { path: { approval_id: made[0]?.approval_id ?? '' } }
const read = mustBe((await api.GET('/approvals/{approval_id}', { params: one })).data)

const pages: number[] = []
let cursor: string | undefined
do {
  const query = { ref_id: name, limit: approvals.limit, cursor }
  const page = mustBe((await api.GET('/approvals', { params: { query } })).data)
  pages.push(page.items.length)
  cursor = page.next_cursor ?? undefined
} while (cursor !== undefined)

const { secret_key } = mustBe((await api.POST('/share', { body: secret })).data)
const opening = { params: { path: { secret_key: secret_key ?? '' } } }
const opened = mustBe((await api.POST('/secret/{secret_key}', opening)).data)
const openedAgain = await api.POST('/secret/{secret_key}', opening)

const {
  id,
  status,
  env,
  scope,
  token = '',
} = mustBe((await agent.POST('/permissions/request', { body: permission })).data)
const using = { params: { path: { id } }, body: { token } }
const { success, uses_remaining } = mustBe((await agent.POST('/permissions/{id}/use', using)).data)
const usedAgain = await agent.POST('/permissions/{id}/use', using)

const seen = {
  created: made.map((approval) => approval.status),
  read: { status: read.status, info: read.info, actions: read.actions.map((action) => action.key) },
  pages,
  secret: opened.value,
  secret_again: refusal(openedAgain),
  permission: { status, env, scope },
  used: { success, uses_remaining },
  used_again: refusal(usedAgain),
}
process.stdout.write(JSON.stringify(seen))
