import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { makeAgent } from '../agents.ts'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { driverOf, run } from './generated.ts'
import { go } from './go.ts'
import { python } from './python.ts'
import { heyApi, openapiFetch } from './typescript.ts'

const scenario = join(packageRoot, 'test', 'clients', 'scenario.json')
const { seen } = JSON.parse(readFileSync(scenario, 'utf8'))

// In the package, where the clients in TypeScript find their run-time parts; the name is ignored by git.
const scratch = mkdtempSync(join(packageRoot, 'dist-clients-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const { url, world } = await serve()
const { project, key, actor } = await makeAsker(world)
const { agent, key: testKey } = await makeAgent(world, project, { env: 'test' })

const document = join(scratch, 'openapi.json')
writeFileSync(document, await (await fetch(`${url}/openapi.json`)).text())

const prepared = await Promise.all(
  [openapiFetch, heyApi, python, go].map(async (client) => {
    const dir = join(scratch, client.name)
    mkdirSync(dir)
    return { ...client, dir, missing: await client.prepare(dir) }
  }),
)
for (const { missing } of prepared) if (missing) process.stderr.write(`${missing}\n`)

describe.each(prepared.filter(({ missing }) => missing === undefined))('the client by $name', (client) => {
  const { name, dir, wrong } = client

  beforeAll(() => client.generate(dir, document), 300_000)

  test('does not compile when a field is given another type than the document gives it', async () => {
    const driver = driverOf(client)
    const mistaken = driver.replace(...wrong)
    expect(mistaken).not.toBe(driver)
    await expect(client.compile(dir, mistaken)).rejects.toThrow(/driver|main\.go/)
  }, 300_000)

  test('compiles, and sees what the scenario says', async () => {
    const command = await client.compile(dir, driverOf(client))
    const said = await run([...command, scenario, `${url}/v1`, key, testKey, name], dir)
    expect(JSON.parse(said)).toEqual(seen)
    const { items } = await as(world, actor).approvals.list({ ref_id: name, limit: 10 })
    expect(items.map(({ key_path }) => key_path).toSorted()).toEqual(
      ['one', 'three', 'two'].map((part) => `clients/${name}/${part}`),
    )
  }, 300_000)
})

test('every client used its permission once, by the log of this server', async () => {
  const used = await world.db.sql<{ actor: { id: string } }[]>`
    select actor from events where name = 'permission.used'`
  const here = prepared.filter(({ missing }) => missing === undefined)
  expect(used.map((event) => event.actor.id)).toEqual(here.map(() => agent.id))
})
