import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net'
import type { FieldIssue } from '../../shared/errors.ts'
import { plainAddress } from './network.ts'

const mappedBits = 96

/** One entry as it is stored, or `undefined` when nobody could say which addresses it means. */
function networkIn(entry: string): string | undefined {
  const [address = '', bits, ...more] = entry.split('/')
  if (more.length > 0 || isIP(address) === 0 || address.includes('%')) return undefined
  if (bits !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined
  if (isIPv4(address)) return spelled(address, bits, 32)
  const plain = new SocketAddress({ address, family: 'ipv6' }).address
  if (!plain.startsWith('::ffff:') || !plain.includes('.')) return spelled(plain, bits, 128)
  // Callers that came over a dual-stack socket are told as IPv4, so a mapped entry must be kept as IPv4 to ever match.
  if (bits !== undefined && Number(bits) < mappedBits) return undefined
  return spelled(plain.slice(7), bits && String(Number(bits) - mappedBits), 32)
}

const spelled = (address: string, bits: string | undefined, most: number): string | undefined => {
  if (bits === undefined || Number(bits) === most) return address
  return Number(bits) < most ? `${address}/${bits}` : undefined
}

/**
 * Reads an allowlist as people write it: exact addresses (seed 3) and CIDR networks, v4 and v6, blank lines dropped and
 * doubles folded. IPv4-mapped IPv6 becomes IPv4. One issue for each entry that cannot be read, at `field.<index>`: what
 * other programs read as octal (`010.0.0.1`) is refused, not guessed. An empty list is nobody.
 */
export function parseAllowlist(
  entries: readonly string[],
  field = 'ip_allowlist',
): { networks: string[]; issues?: undefined } | { networks?: undefined; issues: FieldIssue[] } {
  const networks = new Set<string>()
  const issues: FieldIssue[] = []
  entries.forEach((entry, at) => {
    const trimmed = entry.trim()
    if (trimmed === '') return
    const network = networkIn(trimmed)
    if (network !== undefined) networks.add(network)
    else
      issues.push({
        path: `${field}.${at}`,
        message: `"${trimmed.slice(0, 60)}" is neither an IP address nor a network as 10.0.0.0/8 or 2001:db8::/32.`,
      })
  })
  return issues.length > 0 ? { issues } : { networks: [...networks] }
}

type Check = (address: string) => boolean

/** Two lists, because `BlockList` lets an IPv4 address match an IPv6 network, and `::/0` is not all of IPv4. */
function checkOf(list: readonly string[]): Check {
  const families = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const entry of list) {
    const network = networkIn(entry)
    if (network === undefined) continue
    const [address = '', bits] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    if (bits === undefined) families[family].addAddress(address, family)
    else families[family].addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    return families[family].check(address, family)
  }
}

const checks = new WeakMap<readonly string[], Check>()

/** Whether a list lets an address in; null lets everybody in, an empty list nobody. Each list is read once. */
export function allows(list: readonly string[] | null, ip: string): boolean {
  if (list === null) return true
  const [plain = ''] = plainAddress(ip).split('%')
  if (isIP(plain) === 0) return false
  const check = checks.get(list) ?? checkOf(list)
  checks.set(list, check)
  return check(plain)
}
