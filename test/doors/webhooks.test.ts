import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { as } from '../as.ts'
import { asker } from '../http.ts'
import { makeKey, makeProject } from '../make.ts'
import { serve } from '../serve.ts'
import { until } from '../until.ts'
import { inside, receiver } from '../webhooks.ts'

const { url, world } = await serve(inside)
const ask = asker(url)
const project = await makeProject(world)
const { key, actor } = await makeKey(world, project, 'admin')

describe('over REST, a webhook', () => {
  test('is made, hears within seconds what happens, with the sealed head, and is deleted', async () => {
    const to = await receiver()
    const body = { url: to.url, events: ['value.set'] }
    const headers = { 'idempotency-key': 'a webhook' }
    const made = await ask('POST', '/v1/webhooks', { key, body, headers })
    expect(made).toMatchObject({ status: 201, body: { url: to.url, events: ['value.set'], enabled: true } })
    // The reply got lost: the same one comes again, with the same secret.
    const again = await ask('POST', '/v1/webhooks', { key, body, headers })
    expect(again.body).toEqual(made.body)
    const { id, secret } = made.body as { id: string; secret: string }
    await until(async () => (await world.db.sql`select from seals where project_id = ${project.id}`).length > 0)
    await ask('PUT', '/v1/key/deploy/prod', { key, body: 'x' })
    await until(async () => to.got.length === 1)
    const said = new Webhook(secret).verify(to.got[0]?.body ?? '', to.got[0]?.headers as Record<string, string>)
    expect(said).toMatchObject({
      type: 'value.set',
      data: { key_path: 'deploy/prod' },
      audit_head: { project_id: project.id, number: expect.any(Number), signature: expect.any(String) },
    })
    const list = async () => (await ask('GET', `/v1/webhooks/${id}/deliveries?status=delivered`, { key })).body
    await until(async () => JSON.stringify(await list()).includes(to.got[0]?.id ?? ''))
    const event = to.got[0]?.id
    expect((await ask('GET', `/v1/webhooks/${id}/deliveries/${event}`, { key })).body).toMatchObject({
      event_id: event,
      body: to.got[0]?.body,
      tries: [{ number: 1, status: 204, error: null }],
    })
    expect(await ask('POST', `/v1/webhooks/${id}/deliveries/${event}/replay`, { key })).toMatchObject({ status: 200 })
    await until(async () => to.got.length === 2)
    expect(to.ids()).toEqual([event, event])
    expect(await ask('POST', `/v1/webhooks/${id}/test`, { key })).toMatchObject({
      status: 200,
      body: { delivered: true, status: 204 },
    })
    const since = { since: '2025-01-01T00:00:00.000Z' }
    expect(await ask('POST', `/v1/webhooks/${id}/replay`, { key, body: since })).toMatchObject({ body: { events: 1 } })
    expect(await ask('DELETE', `/v1/webhooks/${id}`, { key })).toMatchObject({ status: 204 })
    expect(await ask('GET', `/v1/webhooks/${id}`, { key })).toMatchObject({ status: 404 })
  })

  test('at an address that must not be reached is refused by the field, or fails by a code when a name leads there', async () => {
    const refused = await ask('POST', '/v1/webhooks', { key, body: { url: 'https://169.254.169.254/latest' } })
    expect(refused).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', issues: [{ path: 'url' }] } })
    const { id } = await as(world, actor).webhooks.create({ url: 'https://localhost:8443/', events: ['key.aged'] })
    const { body } = await ask('POST', `/v1/webhooks/${id}/test`, { key })
    // Name servers may know it as 127.0.0.1, which this service allows, or not at all.
    expect(body).toMatchObject({
      delivered: false,
      status: null,
      error: expect.stringMatching(/^(NAME_NOT_FOUND|REFUSED)$/),
    })
    await ask('DELETE', `/v1/webhooks/${id}`, { key })
  })
})
