import { readFileSync } from 'node:fs'
import { createClient } from './hey-api/client/index.ts'
import {
  approvalsCreate,
  approvalsGet,
  approvalsList,
  permissionsRequest,
  permissionsUse,
  secretsRetrieve,
  secretsShare,
} from './hey-api/index.ts'

const [file = '', baseUrl = '', key = '', testKey = '', name = ''] = process.argv.slice(2)
const { approvals, secret, permission } = JSON.parse(readFileSync(file, 'utf8'))
const mine = { client: createClient({ baseUrl, auth: () => key }), throwOnError: true } as const
const agent = createClient({ baseUrl, auth: () => testKey })

const refusal = ({ error, response }: { error?: unknown; response?: Response }) => ({
  status: response?.status,
  code: (error as { code?: string } | undefined)?.code,
})

const made = []
for (const part of approvals.parts) {
  const body = { ...approvals.wish, key_path: `clients/${name}/${part}`, ref_id: name }
  made.push((await approvalsCreate({ ...mine, body })).data)
}
const read = (await approvalsGet({ ...mine, path: { approval_id: made[0]?.approval_id ?? '' } })).data

const pages: number[] = []
let cursor: string | undefined
do {
  const { data: page } = await approvalsList({ ...mine, query: { ref_id: name, limit: approvals.limit, cursor } })
  pages.push(page.items.length)
  cursor = page.next_cursor ?? undefined
} while (cursor !== undefined)

const path = { secret_key: (await secretsShare({ ...mine, body: secret })).data.secret_key ?? '' }
const opened = (await secretsRetrieve({ ...mine, path })).data
const openedAgain = await secretsRetrieve({ client: mine.client, path })

const asked = (await permissionsRequest({ client: agent, throwOnError: true, body: permission })).data
const { id, status, env, scope, token = '' } = asked
const { data: used } = await permissionsUse({ client: agent, throwOnError: true, path: { id }, body: { token } })
const usedAgain = await permissionsUse({ client: agent, path: { id }, body: { token } })

const seen = {
  created: made.map((approval) => approval.status),
  read: { status: read.status, info: read.info, actions: read.actions.map((action) => action.key) },
  pages,
  secret: opened.value,
  secret_again: refusal(openedAgain),
  permission: { status, env, scope },
  used: { success: used.success, uses_remaining: used.uses_remaining },
  used_again: refusal(usedAgain),
}
process.stdout.write(JSON.stringify(seen))
