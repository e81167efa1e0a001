import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import type { Sql } from '../../server/lib/driver/connect.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { type Mail, sendMail } from '../../server/mails/mail.ts'
import { bundle } from '../bundle.ts'
import { testDb } from '../db.ts'
import { type Mailbox, mailbox } from '../mailbox.ts'
import { worldAt } from '../serve.ts'
import { until } from '../until.ts'
import { type Child, start } from './child.ts'

const children: Child[] = []
let program = ''
let outDir = ''
beforeAll(async () => {
  // In the package: it reads the migrations.
  outDir = mkdtempSync(join(packageRoot, 'dist-'))
  chmodSync(outDir, 0o755)
  program = await bundle(join(packageRoot, 'test', 'faults', 'mail-node.child.ts'), { outDir })
})
afterAll(async () => {
  await Promise.all(children.map((one) => one.process.kill('SIGKILL') && one.ended))
  rmSync(outDir, { recursive: true })
})

const mail: Mail = { kind: 'test', data: { publicUrl: 'http://127.0.0.1:3000' } }

/** Ends a node of this kind in the middle of handing a mail over, while another one runs. */
async function killInTheMiddle(kind: 'ours' | 'naive'): Promise<{ box: Mailbox; sql: Sql }> {
  const [{ address }, box] = [await testDb({ max: 2 }), await mailbox()]
  const world = await worldAt(address, { SMTP_URL: box.url })
  const node = async () => {
    const child = start([program, JSON.stringify(address), box.url, kind])
    children.push(child)
    await child.line((line) => line === 'ready')
    return child
  }
  const first = await node()
  // It must have the job before there is anybody else to take it.
  let free = () => {}
  box.hold(new Promise<void>((resolve) => (free = resolve)))
  await sendMail(world.db.sql, systemCtx(world, 'test'), 'ana@example.com', mail)
  await until(async () => box.offered() === 1)
  await node()
  first.process.kill('SIGKILL')
  await first.ended
  box.hold(Promise.resolve())
  free()
  return { box, sql: world.db.sql }
}

describe('a node that is killed while it hands a mail over', () => {
  test('leaves it to another one, which delivers it under the same Message-ID', async () => {
    const { box, sql } = await killInTheMiddle('ours')
    await until(async () => box.offered() === 2)
    await until(async () => (await sql`select from graphile_worker.jobs`).length === 0)
    const ids = box.mails.map((one) => one.header('message-id'))
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(1)
  })

  test('keeps it for hours when nobody looks after the dead (control)', async () => {
    const { box, sql } = await killInTheMiddle('naive')
    await sleep(20_000)
    expect(box.offered()).toBe(1)
    expect(await sql`select from graphile_worker.jobs where locked_by is not null`).toHaveLength(1)
  })
})

test('a living node’s job is its own, however long it takes', async () => {
  const [{ address }, box] = [await testDb({ max: 2 }), await mailbox()]
  const world = await worldAt(address, { SMTP_URL: box.url })
  for (let i = 0; i < 2; i++) {
    const child = start([program, JSON.stringify(address), box.url, 'ours'])
    children.push(child)
    await child.line((line) => line === 'ready')
  }
  let free = () => {}
  box.hold(new Promise<void>((resolve) => (free = resolve)))
  await sendMail(world.db.sql, systemCtx(world, 'test'), 'ana@example.com', mail)
  await sleep(15_000)
  free()
  await until(async () => (await world.db.sql`select from graphile_worker.jobs`).length === 0)
  expect(box.offered()).toBe(1)
})
