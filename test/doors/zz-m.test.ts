import { test } from 'vitest'
import { testWorld } from '../serve.ts'
const world = await testWorld()
test('plan', async () => {
  const { sql } = world.db
  await sql`set enable_seqscan = off`
  const plan = await sql`explain select id from secrets
        where state in ('new', 'viewed') and notify is not null and warned_at is null and ttl >= 172800
          and upload_digest is null and expires_at > now() and expires_at <= now() + interval '1 day'
        order by expires_at limit 100 for update skip locked`
  console.log(plan.map((one) => one['QUERY PLAN']).join('\n'))
})
