import { execFile } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { test, vi } from 'vitest'
if (process.env.NOLOG) vi.doMock('../../server/http/trace.ts', () => ({ logRequests: () => undefined }))

const { as } = await import('../as.ts')
const { makeAsker } = await import('../make.ts')
const { serve } = await import('../serve.ts')
test('bench', async () => {
  const { url, world } = await serve()
  const { key, actor } = await makeAsker(world)
  await as(world, actor).values.put({ key_path: 'bench', value: 'x' })
  const run = async (s: number) => {
    const before = process.cpuUsage()
    const { stdout } = await promisify(execFile)('node', ['/tmp/keysbench/client.mjs', new URL(url).port, key, String(s)])
    const used = process.cpuUsage(before)
    return [Number(stdout) / s, (used.user + used.system) / Number(stdout)] as const
  }
  if (process.env.NOOP) { const { requestLog } = await import('../../server/requests/log.ts'); Object.assign(requestLog(world), { note: (m: () => unknown) => void m() }) }
  const slow: number[] = []
  const begin = world.db.sql.begin.bind(world.db.sql)
  Object.assign(world.db.sql, { begin: async (...a: never[]) => { const t = performance.now(); try { return await (begin as never as (...a: never[]) => Promise<unknown>)(...a) } finally { slow.push(performance.now() - t) } } })
  await run(4)
  const out: string[] = []
  for (let i = 0; i < 4; i++) { const [rate, cpu] = await run(3); out.push(`${rate.toFixed(0)}/s ${cpu.toFixed(1)}us`) }
  const [row] = await world.db.sql`select count(*)::int as n from requests`
  appendFileSync('/tmp/keysbench/out.txt', `${process.env.NOLOG ? 'without' : 'with   '} ${out.join('  ')} rows=${row?.n} ${process.env.NOOP ?? ''} begins=${slow.length} med=${slow.sort((a,b)=>a-b)[slow.length>>1]} max=${slow.at(-1)}\n`)
})
