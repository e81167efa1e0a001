import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net'
import { allows } from './allowlist.ts'

/**
 * IPv4 that nobody outside is meant by (IANA special-purpose registry; RFC 6890 and after), and the one public address by
 * which a cloud gives its machines their credentials.
 */
const special4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's platform
  '169.254.0.0/16', // link-local, metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]

/** All of IPv6 that is routed: whatever else is loopback, ULA, link-local, multicast, mapped, NAT64, reserved. */
const global6 = '2000::/3'

/** And of that, what is not somebody's: Teredo and other protocols, documentation, 6to4. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}

const [refused4, refused6, routed6] = [listOf(special4), listOf(special6), listOf([global6])]

/** Whether an address is one of the open Internet, which anybody may be sent something at. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !refused4.check(address, 'ipv4')
  if (isIP(address) !== 6 || address.includes('%')) return false
  const plain = new SocketAddress({ address, family: 'ipv6' }).address
  return routed6.check(plain, 'ipv6') && !refused6.check(plain, 'ipv6')
}

/** Receivers inside that the operator names: networks, and hosts. To those http is spoken as well. */
export type Allowed = { networks: readonly string[]; hosts: readonly string[] }

export const isAllowedHost = ({ hosts }: Allowed, name: string): boolean => hosts.includes(name)
export const isAllowedAddress = ({ networks }: Allowed, address: string): boolean => allows(networks, address)
