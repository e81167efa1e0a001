import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { asVisitor } from '../as.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const run = promisify(execFile)

const { url, world } = await serve()
const { key } = await makeAsker(world)

/** Runs a command of seed 0's page by curl, with nothing changed but the host and the key. */
async function curl(base: string, ...args: string[]): Promise<{ status: number; body: string; type: string }> {
  const filled = args.map((arg) =>
    arg.replaceAll('https://api.ottr.run/v1', `${url}${base}`).replaceAll('YOUR_API_KEY', key),
  )
  const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code} %{content_type}', ...filled])
  const at = stdout.lastIndexOf('\n')
  const [status = '', ...type] = stdout.slice(at + 1).split(' ')
  return { status: Number(status), body: stdout.slice(0, at), type: type.join(' ') }
}

/** Opens the link and presses a button, as the page does. */
async function press(link: string, action: string): Promise<void> {
  const token = link.slice(-26)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action, csrf_token, action_hash })
}

describe.each(['/v1', '/api/v1'])('seed 0 verbatim below %s', (base) => {
  test('Try It Now: create a link, press the button, and the value changes', async () => {
    const created = await curl(
      base,
      ...['-X', 'POST', 'https://api.ottr.run/v1/approvals'],
      ...['-H', 'Authorization: Bearer YOUR_API_KEY', '-H', 'Content-Type: application/json'],
      ...['-d', '{"key_path": "demo/test", "value": "approved"}'],
    )
    expect(created.status).toBe(201)
    const reply = JSON.parse(created.body)
    expect(reply.approval_id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
    expect(reply.url).toMatch(new RegExp(`^${url}/a/[0-9A-HJKMNP-TV-Z]{26}$`))
    expect(reply.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

    await press(reply.url, 'approve')
    const read = await curl(base, 'https://api.ottr.run/v1/key/demo/test', '-H', 'Authorization: Bearer YOUR_API_KEY')
    expect(read).toMatchObject({ status: 200, body: '"approved"' })
    await curl(
      base,
      ...['-X', 'DELETE', 'https://api.ottr.run/v1/key/demo/test', '-H', 'Authorization: Bearer YOUR_API_KEY'],
    )
  })

  test('PUT takes the raw body although curl calls it a form', async () => {
    const put = await curl(
      base,
      ...['-X', 'PUT', 'https://api.ottr.run/v1/key/deploy/prod', '-H', 'Authorization: Bearer YOUR_API_KEY'],
      ...['-d', 'deployed'],
    )
    expect([200, 201]).toContain(put.status)
    expect(put.body).toBe('"deployed"')
  })

  test('pending names the newest approval, and invalidating it needs no body and no content type', async () => {
    const created = await curl(
      base,
      ...['-X', 'POST', 'https://api.ottr.run/v1/approvals'],
      ...['-H', 'Authorization: Bearer YOUR_API_KEY', '-H', 'Content-Type: application/json', '-d'],
      `{
    "key_path": "deploy/prod",
    "actions": [
      {"key": "approve", "value": "approved", "style": "primary"},
      {"key": "reject", "value": "rejected", "style": "danger"}
    ],
    "info": "Deploy v2.1.0 to production"
  }`,
    )
    const { approval_id, expires_at } = JSON.parse(created.body)
    const auth = ['-H', 'Authorization: Bearer YOUR_API_KEY']
    const pending = await curl(base, 'https://api.ottr.run/v1/key/deploy/prod/pending', ...auth)
    expect(JSON.parse(pending.body).pending).toEqual({ approval_id, expires_at })
    const invalidate = ['-X', 'POST', `https://api.ottr.run/v1/approvals/${approval_id}/invalidate`, ...auth]
    expect((await curl(base, ...invalidate)).status).toBe(204)
    expect((await curl(base, ...invalidate)).status).toBe(204)
    const after = await curl(base, 'https://api.ottr.run/v1/key/deploy/prod/pending', ...auth)
    expect(JSON.parse(after.body).pending).toBeNull()
  })

  test('the GitHub Actions and n8n patterns: value and actions both sent, the value compared with its quotes', async () => {
    const auth = ['-H', 'Authorization: Bearer YOUR_API_KEY']
    const path = `deploy/acme/shop/${base === '/v1' ? 1001 : 1002}`
    const created = await curl(
      base,
      ...['-X', 'POST', 'https://api.ottr.run/v1/approvals', ...auth, '-H', 'Content-Type: application/json', '-d'],
      JSON.stringify({
        key_path: path,
        value: 'approved',
        actions: [
          { key: 'deploy', value: 'approved', label: 'Deploy', style: 'primary' },
          { key: 'cancel', value: 'rejected', label: 'Cancel', style: 'danger' },
        ],
        initial_value: 'pending',
        ttl_seconds: 1800,
        ref_id: 'run-1001',
      }),
    )
    const poll = async () => (await curl(base, `https://api.ottr.run/v1/key/${path}`, ...auth)).body
    expect(await poll()).toBe('"pending"')
    await press(JSON.parse(created.body).url, 'cancel')
    expect(await poll()).toBe('"rejected"')
  })
})
