import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { listening } from '../../server/feed/hub.ts'
import { as } from '../as.ts'
import { bearer, type Listening, listen } from '../events.ts'
import { makeAsker } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { serve, testWorld } from '../serve.ts'

const one = await serve()
const { world } = one
const owner = ownerOf(world)
const two = await serve({}, { address: world.address })

const paths = ({ heard }: Pick<Listening, 'heard'>) =>
  heard.map(({ data }) => (data.context as { key_path: string }).key_path)

/** A transaction that has told of a value and waits to commit. */
async function uncommitted(projectId: string, keyPath: string) {
  let commit = () => {}
  let told = () => {}
  const may = new Promise<void>((resolve) => {
    commit = resolve
  })
  const isTold = new Promise<void>((resolve) => {
    told = resolve
  })
  const done = world.db.sql.begin(async (tx) => {
    await tx`
      insert into events (id, project_id, name, actor, target, payload, request_id, mac)
      select ${keyPath} || substr(id, 1, 10), project_id, name, actor, ${`value:${keyPath}`},
        ${tx.json({ key_path: keyPath, version: 1 })}, request_id, mac
      from events where project_id = ${projectId} and name = 'value.set' limit 1`
    told()
    await may
  })
  await isTold
  return async () => {
    commit()
    await done
  }
}

test('what commits late, with an earlier number, is told after its commit, once; a cursor by number loses it (control)', async () => {
  const { project, key, actor } = await makeAsker(world)
  const put = (key_path: string) => as(world, actor).values.put({ key_path, value: 'x' })
  await put('before')
  const stream = await listen(one.url, bearer(key))
  const commit = await uncommitted(project.id, 'late')
  await put('after')
  await put('after/2')
  // The control reads what is there, and remembers the highest number.
  const bySeq = (after: number) =>
    world.db.sql<{ seq: number; target: string }[]>`
      select seq::int, target from events where project_id = ${project.id} and name = 'value.set' and seq > ${after} order by seq`
  const first = await bySeq(0)
  await sleep(1500)
  expect(paths(stream)).toEqual([])
  await commit()
  await stream.until(3)
  expect(paths(stream)).toEqual(['late', 'after', 'after/2'])
  await put('last')
  await stream.until(4)
  await sleep(300)
  expect(paths(stream)).toEqual(['late', 'after', 'after/2', 'last'])
  const second = await bySeq(first.at(-1)?.seq ?? 0)
  expect([...first, ...second].map((row) => row.target)).not.toContain('value:late')
  stream.close()
})

test('a transaction of another database of the server holds nothing back', async () => {
  const other = ownerOf(await testWorld())
  const { key, actor } = await makeAsker(world)
  const stream = await listen(one.url, bearer(key))
  await other.begin(async (tx) => {
    await tx`select pg_current_xact_id()`
    await as(world, actor).values.put({ key_path: 'meanwhile', value: 'x' })
    await stream.until(1)
  })
  expect(paths(stream)).toEqual(['meanwhile'])
  stream.close()
})

test('who begins while a transaction is open is told of what it commits, and not of what had happened before', async () => {
  const { project, key, actor } = await makeAsker(world)
  const put = (key_path: string) => as(world, actor).values.put({ key_path, value: 'x' })
  await put('before')
  const commit = await uncommitted(project.id, 'late')
  await put('old')
  const stream = await listen(one.url, bearer(key))
  await put('new')
  await commit()
  await stream.until(2)
  expect(paths(stream)).toEqual(['late', 'new'])
  stream.close()
})

test('clients that lose their line 60 times over two nodes, while 8 writers write, miss nothing and hear nothing twice', async () => {
  const { key, actor } = await makeAsker(world)
  let writing = true
  const written: string[] = []
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; writing; n++) {
      const key_path = `w${writer}/${n}`
      await as(writer % 2 ? world : two.world, actor).values.put({ key_path, value: 'x' })
      written.push(key_path)
      await sleep(5)
    }
  })
  const clients = Array.from({ length: 3 }, async (_, client) => {
    const heard: string[] = []
    let stream = await listen(one.url, bearer(key))
    const begun = stream.lastId()
    let last = begun
    const take = () => {
      heard.push(...paths(stream))
      last = stream.lastId() || last
    }
    for (let round = 0; round < 20; round++) {
      await sleep(40 + 10 * client)
      // The line is cut between two events or in the middle of one, and what came whole counts.
      stream.close()
      take()
      stream = await listen((round + client) % 2 ? one.url : two.url, {
        ...bearer(key),
        ...(last ? { 'last-event-id': last } : {}),
      })
    }
    return { heard, finish: () => stream, take: () => take() }
  })
  const ready = await Promise.all(clients)
  writing = false
  await Promise.all(writers)
  await as(world, actor).values.put({ key_path: 'end', value: 'x' })
  for (const { heard, finish, take } of ready) {
    while (!paths(finish()).includes('end')) await sleep(20)
    take()
    finish().close()
    expect(new Set(heard).size).toBe(heard.length)
    // From the first event that it heard on, every one.
    expect(heard.filter((path) => path !== 'end').length).toBeGreaterThan(100)
    const missed = written.filter((path) => !heard.includes(path))
    // Those who began before the first write miss none; the others only what had been written by then.
    const [firstHeard = ''] = heard
    expect(missed.every((path) => written.indexOf(path) < written.indexOf(firstHeard) + 8)).toBe(true)
  }
}, 60_000)

test('goes on after the node is gone and started anew, with what happened meanwhile', async () => {
  const { key, actor } = await makeAsker(world)
  const node = await serve({}, { address: world.address })
  const stream = await listen(node.url, bearer(key))
  await as(world, actor).values.put({ key_path: 'a', value: 'x' })
  await stream.until(1)
  await node.close()
  await stream.ended
  await as(world, actor).values.put({ key_path: 'b', value: 'x' })
  const again = await serve({}, { address: world.address })
  const next = await listen(again.url, { ...bearer(key), 'last-event-id': stream.lastId() })
  await as(world, actor).values.put({ key_path: 'c', value: 'x' })
  await next.until(2)
  expect(paths(next)).toEqual(['b', 'c'])
  next.close()
})

test('while nothing can be heard from the database, what happens is told all the same', async () => {
  const { key, actor } = await makeAsker(world)
  const stream = await listen(one.url, bearer(key))
  for (let n = 0; n < 3; n++) {
    await owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'countersign listen' and datname = current_database()`
    await as(world, actor).values.put({ key_path: `cut/${n}`, value: 'x' })
  }
  await stream.until(3)
  expect(paths(stream)).toEqual(['cut/0', 'cut/1', 'cut/2'])
  stream.close()
})

test('a client that reads nothing costs no memory and no one else anything, and is told all when it reads again', async () => {
  const { key, actor } = await makeAsker(world)
  const net = await import('node:net')
  const { hostname, port } = new URL(one.url)
  const before = listening(world)
  const socket = net.connect(Number(port), hostname)
  socket.write(`GET /v1/events HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key}\r\n\r\n`)
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  const quick = await listen(one.url, bearer(key))
  const count = 4000
  for (let n = 0; n < count; n += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        as(world, actor).values.put({ key_path: `storm/${n + i}/${'x'.repeat(120)}/${'y'.repeat(120)}`, value: 'x' }),
      ),
    )
  await quick.until(count)
  expect(listening(world)).toBe(before + 2)
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  socket.resume()
  const told = () => (text.match(/"target":"value:storm\/\d+\//g) ?? []).length
  for (let look = 0; look < 500 && told() < count; look++) await sleep(20)
  expect(new Set(text.match(/"target":"value:storm\/\d+\//g)).size).toBe(count)
  socket.destroy()
  quick.close()
  while (listening(world) > before) await sleep(5)
}, 60_000)
