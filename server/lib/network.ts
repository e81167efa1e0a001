import { BlockList, isIP, isIPv6 } from 'node:net'

/**
 * An address in one spelling: IPv4 that arrived on a dual-stack socket (`::ffff:10.0.0.1`) is IPv4, and what a proxy wrote
 * with a port is the address alone. Anything else that a proxy may write is `unknown`, all of it one caller.
 */
export function plainAddress(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return plainAddress(address.slice(7))
  if (isIP(address) !== 0) return address
  const bare = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(address)
  const inside = bare?.[1] ?? bare?.[2] ?? ''
  return isIP(inside) === 0 ? 'unknown' : plainAddress(inside)
}

/** Who is counted for a limit: an IPv4 address, or the /64 of an IPv6 one, since one host commands all of it. */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = (plain.split('%')[0] ?? '').split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** Whether a network of an allowlist, as it is stored, lies wholly within one of the others. */
export function liesWithin(network: string, others: readonly string[]): boolean {
  const [address = '', bits] = network.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const whole = family === 'ipv6' ? 128 : 32
  return others.some((other) => {
    const [base = '', otherBits = whole] = other.split('/')
    if (isIPv6(base) !== (family === 'ipv6') || Number(bits ?? whole) < Number(otherBits)) return false
    const list = new BlockList()
    list.addSubnet(base, Number(otherBits), family)
    return list.check(address, family)
  })
}

/** Where an address is at home, roughly: the /24 of an IPv4 address, the /64 of an IPv6 one. */
export const neighbourhoodOf = (address: string): string =>
  networkOf(address).replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24')
