import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { clean } from '../../server/jobs/sweep.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { openLog } from '../../server/lib/log.ts'
import { type Mail, sendMail } from '../../server/mails/mail.ts'
import { someTime } from '../letters.ts'
import { mailbox } from '../mailbox.ts'
import { serve } from '../serve.ts'
import { until } from '../until.ts'

const canary = 'CANARY-5e1f'
const to = `${canary.toLowerCase()}@example.com`
const lines: string[] = []
const log = openLog('trace', { write: (line) => void lines.push(line) })

const box = await mailbox()
const service = await serve({ SMTP_URL: box.url }, { log })
const { world } = service
const { sql } = world.db
const ctx = systemCtx(world, 'test')

const mail: Mail = {
  kind: 'password reset',
  data: { name: canary, url: `${world.config.publicUrl}/reset/${canary}`, expiresAt: someTime },
}

/** Every row of every table as text, the queue's included. */
async function everything(): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`
  const rows = await Promise.all(tables.map(({ name }) => sql.unsafe(`select t::text as row from ${name} t`)))
  return rows
    .flat()
    .map((one) => String(one.row))
    .join('\n')
}

const waiting = () => sql<{ attempts: number; last_error: string | null }[]>`
  select attempts, last_error from graphile_worker.jobs`

const failures = () => sql<{ kind: string; code: string; attempts: number }[]>`
  select kind, code, attempts from mail_failures order by id`

/** Lets what failed be tried at once instead of in seconds or hours. */
async function hurry(): Promise<void> {
  await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), now())`
  await sql`select pg_notify('jobs:insert', '{"count":1}')`
}

function mustNotLeak() {
  expect(lines.join('\n').toLowerCase()).not.toContain(canary.toLowerCase())
}

describe('a mail', () => {
  test('of a transaction that is rolled back is never sent; of one that commits, once', async () => {
    const failed = world.db.sql.begin(async (tx) => {
      await sendMail(tx as unknown as Sql, ctx, to, mail) // a transaction's client, as cli/world.ts has it
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    await sql.begin((tx) => sendMail(tx as unknown as Sql, ctx, to, mail))
    await box.arrived(1)
    await until(async () => (await waiting()).length === 0)
    expect(box.mails).toHaveLength(1)
    expect(box.offered()).toBe(1)
    mustNotLeak()
  })

  test('that waits shows neither its address nor its link in any table', async () => {
    let free = () => {}
    box.hold(new Promise<void>((resolve) => (free = resolve)))
    const before = box.offered()
    await sendMail(sql, ctx, to, mail)
    await until(async () => box.offered() > before)
    const stored = await everything()
    expect(stored.toLowerCase()).not.toContain(canary.toLowerCase())
    expect(stored).toContain('sealed')
    free()
    await box.arrived(2)
    mustNotLeak()
  })

  test('that were not sealed would be seen (control)', async () => {
    await sql`select graphile_worker.add_job('plain', ${sql.json(mail)}::json)`
    expect(await everything()).toContain(canary)
    await sql`select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))`
  })

  test('that was changed in the table, or sealed by another instance, is dropped and noted', async () => {
    await sql`select graphile_worker.add_job('mail', '{"sealed":"AAAA"}'::json)`
    await until(async () => (await failures()).length === 1)
    expect(await failures()).toEqual([{ kind: 'unknown', code: 'UNREADABLE', attempts: 1 }])
    await until(async () => (await waiting()).length === 0)
    await sql`delete from mail_failures`
  })

  test('whose link has ended is not sent', async () => {
    const expiresAt = new Date(Date.now() - 1000).toISOString()
    const data = { project: 'demo', role: 'MEMBER', invitedBy: 'Ana', url: `${service.url}/join/x`, expiresAt }
    const before = box.offered()
    await sendMail(sql, ctx, to, { kind: 'invitation', data })
    await until(async () => (await waiting()).length === 0)
    expect(box.offered()).toBe(before)
    expect(await failures()).toEqual([])
  })
})

describe('a mail server that', () => {
  test.each(['RCPT', 'DATA'] as const)('refuses for now at %s gets it again, and then once', async (step) => {
    const [had, before] = [box.mails.length, box.offered()]
    box.refuse(451, step)
    await sendMail(sql, ctx, to, mail)
    await until(async () => (await waiting())[0]?.last_error === '451')
    expect((await everything()).toLowerCase()).not.toContain(canary.toLowerCase())
    box.refuse()
    await hurry()
    await box.arrived(had + 1)
    expect(box.offered()).toBe(before + 2)
    await until(async () => (await waiting()).length === 0)
    expect(await failures()).toEqual([])
    mustNotLeak()
  })

  test.each(['RCPT', 'DATA'] as const)(
    'refuses for good at %s is not asked again; it is noted without an address',
    async (step) => {
      const before = box.offered()
      box.refuse(550, step)
      await sendMail(sql, ctx, to, mail)
      await until(async () => (await failures()).length === 1)
      await until(async () => (await waiting()).length === 0)
      expect(box.offered()).toBe(before + 1)
      expect(await failures()).toEqual([{ kind: 'password reset', code: '550', attempts: 1 }])
      expect((await everything()).toLowerCase()).not.toContain(canary.toLowerCase())
      await sql`delete from mail_failures`
      box.refuse()
      mustNotLeak()
    },
  )

  test('is away gets it when it is back', async () => {
    const had = box.mails.length
    await box.close()
    await sendMail(sql, ctx, to, mail)
    await until(async () => (await waiting())[0]?.last_error !== null && (await waiting()).length === 1)
    await box.open()
    await hurry()
    await box.arrived(had + 1)
    await until(async () => (await waiting()).length === 0)
    mustNotLeak()
  })

  test('never takes it is asked 13 times, and then the mail is gone with all it held', async () => {
    const before = box.offered()
    box.refuse(451)
    await sendMail(sql, ctx, to, mail)
    await until(async () => {
      await hurry()
      return (await failures()).length === 1
    })
    await until(async () => (await waiting()).length === 0)
    expect(box.offered()).toBe(before + 13)
    expect(await failures()).toEqual([{ kind: 'password reset', code: '451', attempts: 13 }])
    await sql`delete from mail_failures`
    box.refuse()
    expect(lines.filter((line) => line.includes('"code":"451"')).length).toBeGreaterThan(12)
    mustNotLeak()
  })
})

test('a mail whose node died of its last try is removed by the clock, and noted', async () => {
  await sql`select graphile_worker.add_job('mail', '{"sealed":"AAAA"}'::json, run_at => now() + interval '1 hour')`
  await sql`select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs), 'x')`
  await clean(world)
  expect(await waiting()).toEqual([])
  expect(await failures()).toMatchObject([{ kind: 'unknown', code: 'INTERRUPTED' }])
  await sql`update mail_failures set at = now() - interval '31 days'`
  await clean(world)
  expect(await failures()).toEqual([])
})

test('without SMTP_URL nothing is queued', async () => {
  const silent = await serve()
  await sendMail(silent.world.db.sql, systemCtx(silent.world, 'test'), to, mail)
  expect(await silent.world.db.sql`select from graphile_worker.jobs`).toHaveLength(0)
})

test('a service that stops finishes the mail that it is sending', async () => {
  let free = () => {}
  box.hold(new Promise<void>((resolve) => (free = resolve)))
  const [had, before] = [box.mails.length, box.offered()]
  await sendMail(sql, ctx, to, mail)
  await until(async () => box.offered() > before)
  const closed = service.close()
  setTimeout(free, 300)
  await closed
  expect(box.mails).toHaveLength(had + 1)
  mustNotLeak()
})
