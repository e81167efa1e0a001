import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { provePasskey } from '../../server/approvals/passkey.ts'
import { as, doorCtx } from '../as.ts'
import { makePasskey } from '../authenticator.ts'
import { asker, type Reply } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { dashboardHeaders, makePerson } from '../people.ts'
import { codeOf } from '../refusals.ts'
import { serve } from '../serve.ts'
import { eventsOf } from '../told.ts'

const { url, world } = await serve()
const { sql } = world.db
const ask = asker(url)
const { project, key, actor } = await makeAsker(world)
const [ana, ben, bare] = await Promise.all(
  ['Ana', 'Ben', 'Bare'].map((name) => makePerson(world, project, 'ADMIN', { name })),
)
if (!ana || !ben || !bare) throw new Error('Nobody decides.')
const [anas, bens] = [await makePasskey(world, ana.id), await makePasskey(world, ben.id)]

const wished = (more: object = {}) => makeApproval(world, actor, { passkey: true, ...more })
const several = { approvers: [{ any_of: ['role:ADMIN'], required: 2 }] }
type Asked = Awaited<ReturnType<typeof wished>>

/** Decides by id as the dashboard does; answers the code, or where it stands. */
const decided = async (person: { cookie: string }, asked: Asked, more: object = {}) => {
  const { approval_id, action_hash } = asked
  return said(
    await ask('POST', '/trpc/approvals.decide', {
      headers: dashboardHeaders(url, person, project),
      body: { approval_id, action_hash, action: 'approve', ...more },
    }),
  )
}

function said({ body }: Reply): unknown {
  const { result, error } = body as {
    result?: { data: { status: string } }
    error?: { message: string; data: { code: string } }
  }
  return result ? result.data.status : error?.data.code
}

/** Opens the link in a browser in which somebody is signed in, and presses the button there. */
const pressed = async (person: { cookie: string }, asked: Asked, more: object = {}) => {
  const headers = dashboardHeaders(url, person, project)
  const opened = await ask(
    'GET',
    `/trpc/approvals.open?input=${encodeURIComponent(JSON.stringify({ token: asked.token }))}`,
    {
      headers,
    },
  )
  const [visit = ''] = (opened.headers['set-cookie'] ?? []).map((line) => line.split(';')[0])
  const { data } = (opened.body as { result: { data: { csrf_token: string; action_hash: string } } }).result
  const body = {
    token: asked.token,
    action: 'approve',
    csrf_token: data.csrf_token,
    action_hash: data.action_hash,
    ...more,
  }
  const acted = await ask('POST', '/trpc/approvals.act', {
    headers: { ...headers, cookie: `${person.cookie}; ${visit}` },
    body,
  })
  return { data, status: said(acted) }
}

const state = async ({ approval_id }: Asked) => ({
  ...(
    await sql`
    select a.status, a.attempts, (select count(*)::int from votes v where v.approval_id = a.id) as votes,
      (select array_agg(counter order by id) from passkeys) as counters
    from approvals a where a.id = ${approval_id}`
  )[0],
  told: await eventsOf(sql, approval_id),
})

test('a decision is proven by a passkey over the action_hash, by id and by link', async () => {
  const byId = await wished()
  expect(await decided(ana, byId)).toBe('PASSKEY_REQUIRED')
  expect(await decided(ana, byId, { passkey: anas.assertion(byId.action_hash) })).toBe('executed')
  const byLink = await wished()
  expect((await pressed(ana, byLink)).status).toBe('PASSKEY_REQUIRED')
  const { data, status } = await pressed(ana, byLink, { passkey: anas.assertion(byLink.action_hash) })
  expect(data).toMatchObject({
    needs: { passkey: true, sign_in: true },
    signed_in_as: { may_decide: true, passkeys: [anas.id] },
  })
  expect(status).toBe('executed')
})

test('whoever has no passkey is told where to add one, and nobody else is', async () => {
  const { approval_id, action_hash } = await wished()
  const decide = (person: typeof ana) =>
    as(world, person.actor)
      .approvals.decide({ approval_id, action_hash, action: 'approve' })
      .catch(({ message }: Error) => message)
  expect(await decide(bare)).toMatch(/you have none: add one in your account/)
  expect(await decide(ana)).toMatch(/confirm with the one that you have/)
  expect((await as(world, ana.actor).me.get({})).passkeys).toMatchObject([{ credential_id: anas.id }])
})

test('the link says what it needs, and an approval without it is another one', async () => {
  const { approval_id } = await wished()
  expect(await as(world, actor).approvals.get({ approval_id })).toMatchObject({
    link: 'signed_in',
    needs: { passkey: true },
  })
  expect(
    await codeOf(as(world, actor).approvals.create({ key_path: 'x', value: 'y', passkey: true, link: 'bearer' })),
  ).toBe('INVALID_INPUT')
})

describe('a signature that does not prove it changes nothing', () => {
  const lies: Record<string, (asked: Asked, other: Asked) => unknown> = {
    'over another approval': (_, other) => anas.assertion(other.action_hash),
    'over another challenge': (asked) => anas.assertion(asked.action_hash, { challenge: 'AAAA' }),
    'over the hash as text': (asked) => anas.assertion(asked.action_hash, { challenge: asked.action_hash }),
    'of another person': (asked) => bens.assertion(asked.action_hash),
    'of another person under one’s own name': (asked) => ({
      ...bens.assertion(asked.action_hash),
      ...{ id: anas.id, rawId: anas.id },
    }),
    'whose user was not verified': (asked) => anas.assertion(asked.action_hash, { verified: false }),
    'whose user was not there': (asked) => anas.assertion(asked.action_hash, { present: false }),
    'made at another origin': (asked) => anas.assertion(asked.action_hash, { origin: 'https://evil.example' }),
    'for another site': (asked) => anas.assertion(asked.action_hash, { rpId: 'evil.example' }),
    'of a registration': (asked) => anas.assertion(asked.action_hash, { type: 'webauthn.create' }),
    'with a counter of before': (asked) => anas.assertion(asked.action_hash, { counter: 0 }),
    'that was altered': (asked) => {
      const { response, ...rest } = anas.assertion(asked.action_hash)
      return { ...rest, response: { ...response, signature: `${response.signature.slice(0, -4)}AAAA` } }
    },
    'of no known passkey': (asked) => ({ ...anas.assertion(asked.action_hash), id: 'unknown', rawId: 'unknown' }),
    'without a response': () => ({ id: anas.id, rawId: anas.id, type: 'public-key' }),
    'with a response that is none': () => ({ id: anas.id, rawId: anas.id, type: 'public-key', response: [1, null] }),
    'with an id that is none': () => ({ id: { toString: 'x' }, response: {} }),
    'that is empty': () => ({}),
  }
  test('whichever it is, by id and by link, of one and of several, and spends no guess', async () => {
    const other = await wished()
    // Whatever it has to count, it has counted.
    expect(await decided(ana, other, { passkey: anas.assertion(other.action_hash) })).toBe('executed')
    for (const asked of [await wished({ pin: '4829' }), await wished({ pin: '4829', ...several })]) {
      const before = await state(asked)
      for (const [name, lie] of Object.entries(lies)) {
        const tries = [
          await decided(ana, asked, { pin: '0000', passkey: lie(asked, other) }),
          (await pressed(ana, asked, { pin: '0000', passkey: lie(asked, other) })).status,
        ]
        expect([name, ...tries]).toEqual([name, 'WRONG_PASSKEY', 'WRONG_PASSKEY'])
      }
      expect(await state(asked)).toEqual(before)
      expect(await decided(ana, asked, { pin: '4829', passkey: anas.assertion(asked.action_hash) })).not.toMatch(
        /[A-Z]/,
      )
    }
  })
  test('of any other type is refused as input', async () => {
    const asked = await wished()
    for (const passkey of ['yes', 1, [], null, true])
      expect(await decided(ana, asked, { passkey })).toBe('INVALID_INPUT')
  })
})

test('votes are proven each, and one that was used is used up, also for whoever takes theirs back', async () => {
  const asked = await wished(several)
  const mine = anas.assertion(asked.action_hash)
  expect(await decided(ana, asked, { passkey: mine })).toBe('pending')
  await as(world, ana.actor).approvals.retract({ approval_id: asked.approval_id })
  expect(await decided(ana, asked, { passkey: mine })).toBe('WRONG_PASSKEY')
  expect(await state(asked)).toMatchObject({ votes: 0 })
  expect(await decided(ana, asked, { passkey: anas.assertion(asked.action_hash) })).toBe('pending')
  expect(await decided(ben, asked)).toBe('PASSKEY_REQUIRED')
  expect(await decided(ben, asked, { passkey: bens.assertion(asked.action_hash) })).toBe('executed')
  expect(await sql`select passkey from votes where approval_id = ${asked.approval_id}`).toEqual([
    { passkey: true },
    { passkey: true },
  ])
})

test('a passkey that keeps no counter proves as well', async () => {
  const person = await makePerson(world, project, 'ADMIN')
  const synced = await makePasskey(world, person.id, { counts: false })
  for (let i = 0; i < 2; i++) {
    const asked = await wished()
    expect(await decided(person, asked, { passkey: synced.assertion(asked.action_hash) })).toBe('executed')
  }
})

test('PIN and passkey: a wrong PIN is an attempt, and each try brings a signature of its own', async () => {
  const asked = await wished({ pin: '4829' })
  expect(await decided(ana, asked, { passkey: anas.assertion(asked.action_hash) })).toBe('PIN_REQUIRED')
  expect(await decided(ana, asked, { pin: '4829' })).toBe('PASSKEY_REQUIRED')
  expect(await state(asked)).toMatchObject({ attempts: 0 })
  expect(await decided(ana, asked, { pin: '0000', passkey: anas.assertion(asked.action_hash) })).toBe('WRONG_PIN')
  expect(await decided(ana, asked, { pin: '4829', passkey: anas.assertion(asked.action_hash) })).toBe('executed')
})

test('whoever has no session proves nothing: keys and plain HTTP are refused as ever', async () => {
  const asked = await wished()
  const passkey = anas.assertion(asked.action_hash)
  const opened = await ask('GET', `/v1/link/approvals/${asked.token}`)
  const [visit = ''] = (opened.headers['set-cookie'] ?? []).map((line) => line.split(';')[0])
  const acted = await ask('POST', `/v1/link/approvals/${asked.token}/act`, {
    key,
    headers: { cookie: visit, origin: url },
    body: { action: 'approve', csrf_token: opened.body.csrf_token, action_hash: asked.action_hash, passkey },
  })
  expect(acted.body.code ?? (acted.body.error as { code?: string } | undefined)?.code).toBe('SIGN_IN_TO_DECIDE')
  expect(await state(asked)).toMatchObject({ status: 'pending', told: ['approval.created'] })
})

/** How many of those who bring one and the same signature at once are believed. */
async function believed(prove: (asked: Asked, given: ReturnType<typeof anas.assertion>) => Promise<void>) {
  const asked = await wished(several)
  const given = anas.assertion(asked.action_hash)
  const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(prove(asked, given))))
  return codes.filter((code) => code === 'done').length
}

test('of 20 who bring the same signature at once one is believed', async () => {
  const ctx = { ...doorCtx(world, ana.actor), actor: ana.actor }
  expect(await believed((asked, given) => provePasskey(ctx, asked, ana.actor, given))).toBe(1)
})

test('a counter that is looked at before it moves on believes several (control)', async () => {
  const naive = async (_: Asked, { id, response }: ReturnType<typeof anas.assertion>) => {
    const counter = Buffer.from(response.authenticatorData, 'base64url').readUInt32BE(33)
    const [row] = await sql`select counter < ${counter} as moves from passkeys where credential_id = ${id}`
    await sleep(1)
    if (!row?.moves) throw new Error('Replayed.')
    await sql`update passkeys set counter = ${counter} where credential_id = ${id}`
  }
  expect(await believed(naive)).toBeGreaterThan(1)
})
