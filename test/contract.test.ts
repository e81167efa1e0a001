import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { router } from '../server/rpc/router.ts'
import type { Verbs } from '../server/verb.ts'
import type { Endpoint } from '../shared/contract/endpoint.ts'
import { contract } from '../shared/contract/index.ts'
import { errors } from '../shared/errors.ts'

const top = fileURLToPath(new URL('..', import.meta.url))

const all = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries<Endpoint>(entries).map(([verb, entry]) => ({ feature, verb, name: `${feature}.${verb}`, entry })),
)

describe('the contract', () => {
  test.each(all)('$name is a file, a procedure, and documented when it is public', ({ feature, verb, name, entry }) => {
    expect(existsSync(`${top}server/${feature}/${verb}.ts`)).toBe(true)
    expect(Object.keys(router._def.procedures)).toContain(name)
    if (entry.path !== null) expect([entry.summary, entry.description]).not.toContain('')
    for (const code of entry.errors) expect(Object.keys(errors)).toContain(code)
  })

  test('has no two operations on one method and path', () => {
    const places = all.flatMap(({ entry }) => (entry.path === null ? [] : `${entry.method} ${entry.path}`))
    expect(new Set(places).size).toBe(places.length)
  })

  test('has every procedure of the router', () => {
    expect(Object.keys(router._def.procedures).sort()).toEqual(all.map(({ name }) => name).sort())
  })

  test('has an index for every feature that has a folder of verbs', () => {
    for (const feature of Object.keys(contract)) expect(readdirSync(`${top}server/${feature}`)).toContain('index.ts')
  })

  test('a missing verb, an extra verb and a verb of the wrong shape do not compile', () => {
    type Demo = Verbs<typeof contract.demo>
    // @ts-expect-error: `create` is missing
    const missing: Demo = {}
    // @ts-expect-error: `destroy` is not in the contract
    const extra: Demo = { create: missing.create, destroy: missing.create }
    // @ts-expect-error: the answer is not what the entry says
    const wrong: Demo = { create: async () => ({ approval_id: 1 }) }
    expect([missing, extra, wrong]).toHaveLength(3)
  })
})
