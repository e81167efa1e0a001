import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { isDatabaseAway } from '../../server/lib/deadline.ts'
import { connect } from '../../server/lib/driver/connect.ts'
import { poolsFor } from '../../server/lib/queue/address.ts'
import { withPool } from '../../server/lib/queue/pool.ts'
import { testDb } from '../db.ts'
import { freePort } from '../port.ts'
import { proxy } from './proxy.ts'

const { address } = await testDb({ max: 1 })
if (typeof address === 'string' || !address.host.startsWith('/')) throw new Error('The database has no socket.')
const { port } = await proxy(join(address.host, `.s.PGSQL.${address.port}`))
const at = (...ports: number[]) =>
  `postgres://${address.user}@${ports.map((one) => `127.0.0.1:${one}`).join()}/${address.database}`

/** A host that takes every connection and does this with it; how often it was asked. */
async function host(answer: (socket: Socket) => void) {
  let asked = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    asked++
    sockets.add(socket.on('error', () => undefined))
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('No port.')
  return { port: bound.port, asked: () => asked }
}

const hangsUp = () => host((socket) => socket.end())
/** As a PostgreSQL that is starting up answers: FATAL 57P03, and the end. */
const isStarting = () =>
  host((socket) => {
    const fields = ['SFATAL', 'VFATAL', 'C57P03', 'Mthe database system is starting up'].map((one) => `${one}\0`)
    const text = Buffer.from(`${fields.join('')}\0`)
    const size = Buffer.alloc(4)
    size.writeUInt32BE(text.length + 4)
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), size, text])))
  })
const saysNothing = () => host(() => undefined)

/** What a first query of so many connections at once comes to. */
async function askAt(url: string, patience = 5) {
  const sql = connect(url, { max: 5, name: 'countersign test', patience })
  const asked = Array.from({ length: 5 }, () => sql`select 1 as one`.then(([row]) => row?.one, isDatabaseAway))
  const answers = await Promise.all(asked)
  await sql.end({ timeout: 1 })
  return answers
}

describe('of several hosts of a DATABASE_URL', () => {
  test('one that is not there, hangs up, is starting up or says nothing is passed over, whichever comes first', async () => {
    const [closed, rude, starting, silent] = [
      await freePort(),
      await hangsUp(),
      await isStarting(),
      await saysNothing(),
    ]
    for (const other of [closed, rude.port, starting.port, silent.port])
      for (const url of [at(other, port), at(port, other), at(other, closed, port)])
        expect(await askAt(url, 1)).toEqual(Array(5).fill(1))
  })

  test('the queue takes the next one too, first and when its own is gone', async () => {
    const [closed, own] = [await freePort(), await proxy(join(address.host, `.s.PGSQL.${address.port}`))]
    const addresses = poolsFor(at(closed, own.port, port))
    await withPool(addresses, { name: 'countersign test', max: 2 }, async (pool) => {
      const asked = () =>
        pool.query('select 1 as one').then(
          ({ rows }) => rows[0]?.one,
          () => 'failed',
        )
      expect(await asked()).toBe(1)
      own.cut('RST')
      own.close()
      const answers = []
      for (let n = 0; n < 5; n++) answers.push(await asked())
      expect(answers.at(-1)).toBe(1)
      expect(answers.filter((one) => one === 'failed').length).toBeLessThanOrEqual(2)
    })
    await expect(
      withPool(poolsFor(at(closed, closed)), { name: 'countersign test', max: 1 }, async () => 1),
    ).rejects.toThrow()
  })

  test('none being there is told after each was asked once, and they are asked again with pauses', async () => {
    const [one, two] = [await hangsUp(), await hangsUp()]
    expect(await askAt(at(one.port, two.port))).toEqual(Array(5).fill(true))
    expect([one.asked(), two.asked()]).toEqual([5, 5])
    const sql = connect(at(one.port, two.port), { max: 1, name: 'countersign test' })
    const until = performance.now() + 1000
    let failed = 0
    while (performance.now() < until) await sql`select 1`.catch(() => failed++)
    expect(failed).toBeLessThanOrEqual(6)
    expect(one.asked() + two.asked()).toBe(10 + 2 * failed)
    await sql.end({ timeout: 1 })
    await sleep(300)
    expect(one.asked() + two.asked()).toBe(10 + 2 * failed)
  })
})
