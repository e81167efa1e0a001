import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { connect, inDatabase } from '../../server/lib/driver/connect.ts'
import { sendMail } from '../../server/mails/mail.ts'
import { testDb } from '../db.ts'
import { mailbox } from '../mailbox.ts'
import { serve, worldAt } from '../serve.ts'
import { until } from '../until.ts'

const box = await mailbox()
const { address } = await testDb({ max: 2 })
const service = await serve({ SMTP_URL: box.url }, { address })
const observer = await worldAt(address, { SMTP_URL: box.url })
const { sql } = observer.db
const ctx = systemCtx(observer, 'test')

// The service's own role may not end connections.
const owner = connect(address, { max: 1, name: 'test' })
afterAll(() => owner.end())

/** Ends every connection of the queue: its pool, its LISTEN, and what shows that the node is alive. */
const cut = () => owner`
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name like 'countersign queue%'`

const queueConnections = async () =>
  (
    await sql`select from pg_stat_activity
    where datname = current_database() and application_name like 'countersign queue%'`
  ).length

const send = (n: number) => sendMail(sql, ctx, `${n}@example.com`, { kind: 'test', data: { publicUrl: service.url } })

const reached = () => new Set(box.mails.map((one) => one.to[0]))

test('mails that are queued while the queue’s connections are cut again and again all arrive', async () => {
  await until(async () => (await queueConnections()) > 1)
  for (let n = 0; n < 20; n++) {
    await send(n)
    await sleep(30 + (n % 4) * 20)
    await cut()
  }
  await until(async () => reached().size === 20, 50_000)
  await until(async () => (await sql`select from graphile_worker.jobs`).length === 0, 50_000)
})

test('a database that is away for seconds is found again, and what waited is sent', async () => {
  const name = String((await sql`select current_database() as name`)[0]?.name)
  const other = connect(inDatabase(address, 'postgres'), { max: 1, name: 'test' })
  await send(100)
  await other.unsafe(`alter database ${name} with allow_connections false`)
  await other`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
  await sleep(3000)
  await other.unsafe(`alter database ${name} with allow_connections true`)
  await other.end()
  await until(
    async () =>
      await send(101).then(
        () => true,
        () => false,
      ),
  )
  await until(async () => reached().has('100@example.com') && reached().has('101@example.com'), 50_000)
})

test('a stop while the database is away ends all the same', async () => {
  await cut()
  await service.close()
  expect(await queueConnections()).toBe(0)
})
