import { expect, test } from 'vitest'
import { browser } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { actor } = await makeAsker(world)
const many = (count: number, input: object) => Object.fromEntries([...Array(count).keys()].map((i) => [i, input]))

test('a batch of 11 PIN guesses is refused with none judged, one of 10 judges five', async () => {
  const { token, approval_id } = await makeApproval(world, actor, { pin: '0471' })
  const page = browser(url)
  const { csrf_token, action_hash } = (await page.open(token)).body
  const guess = { token, action: 'approve', csrf_token, action_hash, pin: '9999' }
  const send = (count: number) =>
    page.post(`/trpc/${Array(count).fill('approvals.act').join(',')}?batch=1`, many(count, guess))
  const attempts = async () => (await world.db.sql`select attempts, status from approvals where id = ${approval_id}`)[0]
  expect((await send(11)).status).toBe(400)
  expect((await send(1000)).status).toBe(413) // too large before anybody counts the calls
  expect(await attempts()).toEqual({ attempts: 0, status: 'pending' })
  const codes: string[] = JSON.parse((await send(10)).text).map(
    (one: { error: { data: { code: string } } }) => one.error.data.code,
  )
  expect(codes.filter((code) => code === 'WRONG_PIN')).toHaveLength(4)
  expect(codes.filter((code) => code === 'LOCKED')).toHaveLength(6)
  expect(await attempts()).toEqual({ attempts: 5, status: 'locked' })
})

test('a batch of 11 demos makes none', async () => {
  const count = async () => (await world.db.sql`select count(*)::int as n from projects`)[0]?.n
  const before = await count()
  const reply = await browser(url).post(`/trpc/${Array(11).fill('demo.create').join(',')}?batch=1`, many(11, {}))
  expect(reply.status).toBe(400)
  expect(await count()).toBe(before)
})
