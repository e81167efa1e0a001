import { describe, expect, test } from 'vitest'
import { allows, parseAllowlist } from '../../server/lib/allowlist.ts'

/** An address as one number, read by nothing that the code under test uses: 4 or 16 bytes, most significant first. */
type Address = { bits: 32 | 128; value: bigint }

const random = (bits: number): bigint =>
  Array.from({ length: bits / 16 }, () => BigInt(Math.floor(Math.random() * 65_536))).reduce(
    (sum, part) => (sum << 16n) | part,
    0n,
  )

/** Writes an address in one of the spellings that are allowed for it. */
function spell({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 65_535n).toString(16))
  const full = groups.join(':')
  const style = Math.floor(Math.random() * 3)
  if (style === 0) return full
  if (style === 1) return groups.map((group) => group.padStart(4, '0').toUpperCase()).join(':')
  return full.replace(/(^|:)0(:0)+(:|$)/, '::')
}

const top = (address: Address, length: number): bigint => address.value >> BigInt(address.bits - length)

/** The independent answer: same family, same first bits. */
const inside = (network: Address, length: number, address: Address): boolean =>
  network.bits === address.bits && top(network, length) === top(address, length)

/** An address that shares exactly or at least so many first bits with another, so that both answers come up often. */
function near(network: Address, length: number): Address {
  const free = BigInt(network.bits - length)
  const within = (top(network, length) << free) | (free === 0n ? 0n : random(network.bits) & ((1n << free) - 1n))
  const flip = Math.random() < 0.5 && length > 0 ? 1n << (free + BigInt(Math.floor(Math.random() * length))) : 0n
  return { bits: network.bits, value: within ^ flip }
}

const family = (): 32 | 128 => (Math.random() < 0.5 ? 32 : 128)

describe('an allowlist', () => {
  test('answers 5 000 random networks and addresses as arithmetic over the bits does', () => {
    const told = { yes: 0, no: 0 }
    for (let i = 0; i < 5000; i++) {
      const bits = family()
      const network: Address = { bits, value: random(bits) }
      const length = Math.floor(Math.random() * (bits + 1))
      const address = i % 10 === 0 ? { bits: family(), value: 0n } : near(network, length)
      if (i % 10 === 0) address.value = random(address.bits)
      const entry = length === bits && i % 2 ? spell(network) : `${spell(network)}/${length}`
      const { networks } = parseAllowlist([entry])
      expect(networks, entry).toHaveLength(1)
      const expected = inside(network, length, address)
      told[expected ? 'yes' : 'no']++
      const mapped = address.bits === 32 && i % 3 === 0 ? `::ffff:${spell(address)}` : spell(address)
      expect(allows(networks ?? [], mapped), `${entry} ${mapped}`).toBe(expected)
    }
    expect(told.yes).toBeGreaterThan(1000)
    expect(told.no).toBeGreaterThan(1000)
  })
  test('keeps a mapped address or network as the IPv4 that it is', () => {
    expect(
      parseAllowlist(['::ffff:10.0.0.1', '::ffff:a00:1', '::FFFF:10.0.0.0/104', '0:0:0:0:0:ffff:10.1.0.0/112']),
    ).toEqual({ networks: ['10.0.0.1', '10.0.0.0/8', '10.1.0.0/16'] })
    expect(allows(['::ffff:10.0.0.0/104'], '10.200.0.1')).toBe(true)
    expect(allows(['10.0.0.0/8'], '::ffff:10.200.0.1')).toBe(true)
  })
  test('drops blank lines and doubles, and what is left of nothing but these allows nobody', () => {
    expect(parseAllowlist([' 203.0.113.7 ', '', '  ', '203.0.113.7', '2001:DB8::1'])).toEqual({
      networks: ['203.0.113.7', '2001:db8::1'],
    })
    expect(parseAllowlist(['', ' \t'])).toEqual({ networks: [] })
    for (const ip of ['127.0.0.1', '::1', 'unknown', '']) expect(allows([], ip)).toBe(false)
  })
  test('that is null allows everybody, and an address that could not be told none else', () => {
    expect(allows(null, 'unknown')).toBe(true)
    expect(allows(['0.0.0.0/0', '::/0'], 'unknown')).toBe(false)
    expect(allows(['0.0.0.0/0', '::/0'], '203.0.113.7')).toBe(true)
    expect(allows(['::/0'], '203.0.113.7')).toBe(false)
    expect(allows(['fe80::1'], 'fe80::1%eth0')).toBe(true)
  })
  test.each([
    '010.0.0.1',
    '10.0.0.01',
    '0x0a.0.0.1',
    '167772161',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.1-10.0.0.9',
    '10.0.0.*',
    '::/129',
    '2001:db8::g',
    '1::2::3',
    '::ffff:010.0.0.1',
    '::ffff:0:0/90',
    'fe80::1%eth0',
    '[::1]',
    '10.0.0.1:443',
    'localhost',
    '10.0.0.1, 10.0.0.2',
    '１0.0.0.1',
  ])('refuses %s and names it', (entry) => {
    const { issues } = parseAllowlist(['10.0.0.1', '', entry])
    expect(issues).toHaveLength(1)
    expect(issues?.[0]?.path).toBe('ip_allowlist.2')
    expect(issues?.[0]?.message).toContain(`"${entry}"`)
    // One that got into the database all the same lets nobody in.
    expect(allows([entry], '10.0.0.1')).toBe(false)
  })
})
