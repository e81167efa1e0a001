import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { openLog } from '../../server/lib/log.ts'
import { serve as start } from '../../server/serve.ts'
import { build, json, run, start as startProcess, startServer, temporaryDirectory } from '../built.ts'
import { command, pressing } from '../cli.ts'
import { testDb } from '../db.ts'
import { makeAsker } from '../make.ts'
import { freePort } from '../port.ts'
import { configOf } from '../serve.ts'

beforeAll(() => {
  build()
}, 300_000)

test('a server that is stopped and started again while a command waits loses nothing', async () => {
  const { address } = await testDb({ max: 2 })
  const port = String(await freePort())
  const config = configOf({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` })
  const first = await start(config, openLog('silent'), { address })
  const asker = await makeAsker(first.world)
  const asked = command(['approve', 'cli/restart', '--wait', '--timeout', '2m'], {
    COUNTERSIGN_URL: first.url,
    COUNTERSIGN_API_KEY: asker.key,
  })
  await expect.poll(asked.stderr, { timeout: 15_000 }).toContain('/a/')
  await sleep(300)
  await first.close()
  await sleep(700)
  const second = await start(config, openLog('silent'), { address })
  await pressing(second.url, asked.stderr, 'approve')
  const ended = await asked.ended
  await second.close()
  expect(ended).toMatchObject({ code: 0, stdout: 'approved\n' })
})

test('a server that is killed and started again on the same DATA_DIR loses neither of two commands that wait', async () => {
  const port = String(await freePort())
  const at = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, DATA_DIR: join(temporaryDirectory(), 'data') }
  const first = await startServer(at)
  await run(['project:create', '--name', 'demo'], at)
  const { key: own } = json(await run(['key:create', '--project', 'demo', '--preset', 'write', '--json'], at))
  const there = { COUNTERSIGN_URL: at.PUBLIC_URL, COUNTERSIGN_API_KEY: own }
  const asked = startProcess(['approve', 'cli/killed', '--timeout', '5m'], there)
  const line = ['run', '--key', 'cli/killed-run', '--timeout', '5m', '--', process.execPath, '-p', '6 * 7']
  const gated = startProcess(line, there)
  for (const one of [asked, gated]) await expect.poll(one.stderr, { timeout: 30_000 }).toMatch(/\/a\/\w{26}\n/)
  await sleep(500)
  await first.stop('SIGKILL')
  await sleep(500)
  const second = await startServer(at)
  for (const one of [asked, gated]) await pressing(at.PUBLIC_URL, one.stderr, 'approve')
  expect(await asked.ended).toMatchObject({ code: 0, stdout: 'approved\n' })
  expect(await gated.ended).toMatchObject({ code: 0, stdout: '42\n' })
  expect(await second.stop()).toMatchObject({ code: 0 })
})
