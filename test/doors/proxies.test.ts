import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asker } from '../http.ts'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

/** The address that the service took a request to come from, as its event says. */
async function seen({ url, world }: Awaited<ReturnType<typeof serve>>) {
  const { key } = await makeAsker(world)
  const ask = asker(url)
  return async (headers: Record<string, string>) => {
    const { headers: replied } = await ask('PUT', '/v1/key/seen', { key, headers, body: 'x' })
    const [row] = await world.db.sql`select ip from events where request_id = ${String(replied['x-request-id'])}`
    return row?.ip as string // null has no place here: toBe would say so
  }
}

const trusted = (address: string) => address === '127.0.0.1' || address.startsWith('10.') || address.startsWith('fd')

/** From the socket leftwards: the first that is no proxy of ours, or the last there is. */
function walk(forwarded: string[]): string {
  const chain = ['127.0.0.1', ...forwarded.toReversed()]
  return chain.find((address) => !trusted(address)) ?? chain.at(-1) ?? ''
}

const v4 = fc
  .tuple(fc.constantFrom(10, 10, 127, 192, 203), fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 254 }))
  .map((parts) => parts.join('.'))
const v6 = fc
  .tuple(fc.constantFrom('fd00', 'fd12', '2001', 'fe80'), fc.integer({ min: 1, max: 65_535 }))
  .map(([head, tail]) => `${head}::${tail.toString(16)}`)

describe('X-Forwarded-For', () => {
  test('of a trusted proxy is read from the right, past all trusted ones: 300 lists', async () => {
    const see = await seen(await serve({ TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8,fd00::/8' }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(v4, v6), { maxLength: 6 }),
        fc.constantFrom(', ', ',', ' , '),
        async (list, comma) => {
          const headers: Record<string, string> = list.length ? { 'x-forwarded-for': list.join(comma) } : {}
          expect(await see(headers)).toBe(walk(list))
        },
      ),
      { numRuns: 300, seed: 11 },
    )
    const odd: [string, string][] = [
      ['203.0.113.7:4711', '203.0.113.7'],
      ['[2001:db8::7]:443', '2001:db8::7'],
      ['[2001:db8::7]', '2001:db8::7'],
      ['::ffff:203.0.113.7', '203.0.113.7'],
      ['203.0.113.7, unknown', 'unknown'],
      ['203.0.113.7, <script>', 'unknown'],
      ['010.0.0.1', 'unknown'],
    ]
    for (const [header, expected] of odd) expect(await see({ 'x-forwarded-for': header }), header).toBe(expected)
  })
  test('of anybody else is ignored, and neither moves a caller nor frees one of a limit', async () => {
    const service = await serve({ RATE_LIMITS: 'approval read=3/60' })
    const see = await seen(service)
    for (const name of [
      'x-forwarded-for',
      'x-real-ip',
      'forwarded',
      'x-client-ip',
      'true-client-ip',
      'cf-connecting-ip',
    ])
      expect(await see({ [name]: '203.0.113.7' })).toBe('127.0.0.1')
    const statuses = []
    for (let i = 0; i < 6; i++)
      statuses.push(
        (
          await asker(service.url)('GET', `/v1/link/approvals/${'0'.repeat(26)}`, {
            headers: { 'x-forwarded-for': `203.0.113.${i}` },
          })
        ).status,
      )
    expect(statuses).toEqual([404, 404, 404, 429, 429, 429])
  })
})

test('an IPv6 network of 64 bits is one caller, the next one another', async () => {
  const { url } = await serve({ TRUSTED_PROXIES: '127.0.0.1', RATE_LIMITS: 'approval read=3/60' })
  const from = async (address: string) =>
    (await asker(url)('GET', `/v1/link/approvals/${'0'.repeat(26)}`, { headers: { 'x-forwarded-for': address } }))
      .status
  const same = ['2001:db8::1', '2001:db8:0:0:ffff::', '2001:0db8::2:3', '2001:DB8::9']
  expect([
    await from(same[0] ?? ''),
    await from(same[1] ?? ''),
    await from(same[2] ?? ''),
    await from(same[3] ?? ''),
  ]).toEqual([404, 404, 404, 429])
  expect(await from('2001:db8:0:1::1')).toBe(404)
  expect(await from('203.0.113.1')).toBe(404)
})
