import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Arrow, arrows, faultOf } from './layers.ts'

const all = arrows(fileURLToPath(new URL('..', import.meta.url)))

const arrow = (from: string, to: string, typeOnly = false): Arrow => ({ from, to, typeOnly })

describe('the house', () => {
  test('every import follows the arrows of ARCHITECTURE.md', () => {
    expect(all.length).toBeGreaterThan(200)
    expect(all.flatMap((one) => faultOf(one) ?? [])).toEqual([])
  })

  test.each([
    ['shared reaching for the server', arrow('shared/words.ts', 'server/context.ts')],
    ['shared using a node module', arrow('shared/words.ts', 'node:crypto')],
    ['the library knowing a feature', arrow('server/lib/pin.ts', 'server/approvals/approval.ts')],
    ['a verb importing a verb', arrow('server/approvals/act.ts', 'server/approvals/open.ts')],
    ['a verb of another feature', arrow('server/values/pending.ts', 'server/approvals/list.ts')],
    ['a verb knowing HTTP', arrow('server/approvals/act.ts', 'server/http/visits.ts')],
    ['an index naming a foreign verb', arrow('server/values/index.ts', 'server/approvals/act.ts')],
    ['the pipeline naming a verb past its index', arrow('server/rpc/router.ts', 'server/approvals/act.ts')],
    ['a tool of MCP reaching past the call it is given', arrow('server/mcp/get-code.ts', 'server/rpc/router.ts')],
    ['a tool of MCP knowing its door', arrow('server/mcp/tool.ts', 'server/http/mcp.ts')],
    ['the web importing server code', arrow('web/api.ts', 'server/rpc/router.ts')],
    ['the web using the database driver', arrow('web/api.ts', 'postgres')],
    ['anything importing a test', arrow('server/serve.ts', 'test/serve.ts')],
  ])('refuses %s', (_, forbidden) => {
    expect(faultOf(forbidden)).toEqual(expect.any(String))
  })

  test('lets the web know the router as a type', () => {
    expect(faultOf(arrow('web/api.ts', 'server/rpc/router.ts', true))).toBeUndefined()
  })
})
