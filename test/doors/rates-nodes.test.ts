import { expect, test } from 'vitest'
import { openLimiter } from '../../server/lib/limiter.ts'
import { testDb } from '../db.ts'

const { address, db } = await testDb()
const { openDb } = await import('../../server/lib/db.ts')
const limit = { 'approval read': { max: 60, seconds: 60 } }

/** 400 takes of one subject, spread over both nodes at once: how many were let through. */
async function allowed(nodes: ((subject: string) => Promise<boolean>)[], subject: string): Promise<number> {
  const takes = Array.from({ length: 400 }, (_, i) => nodes[i % nodes.length]?.(subject))
  return (await Promise.all(takes)).filter(Boolean).length
}

test('an exact class lets exactly its limit through over two nodes, ten times of ten', async () => {
  const other = openDb({ address })
  const nodes = [db, other].map(({ sql }) => {
    const limiter = openLimiter(sql, limit)
    return async (subject: string) => (await limiter.take('approval read', subject)).allowed
  })
  for (let round = 0; round < 10; round++) expect(await allowed(nodes, `10.0.0.${round}`)).toBe(60)
  await other.close()
})

test('reading the count before writing it lets more through (control)', async () => {
  await db.sql`create table naive (subject text primary key, points int not null)`
  const other = openDb({ address })
  const nodes = [db, other].map(({ sql }) => async (subject: string) => {
    const [row] = await sql<{ points: number }[]>`select points from naive where subject = ${subject}`
    if (row && row.points >= 60) return false
    await sql`insert into naive values (${subject}, 1) on conflict (subject) do update set points = naive.points + 1`
    return true
  })
  const counts = []
  for (let round = 0; round < 5; round++) counts.push(await allowed(nodes, `10.0.1.${round}`))
  expect(Math.max(...counts)).toBeGreaterThan(60)
  await other.close()
})
