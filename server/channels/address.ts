import { isIP } from 'node:net'
import type { ChannelKind } from '../../shared/channels.ts'
import { refuse } from '../../shared/errors.ts'
import { email } from '../../shared/people.ts'
import { isAllowedAddress, isAllowedHost } from '../lib/outbound-address.ts'
import { outboundOf } from '../outbox/outbound.ts'
import type { World } from '../world.ts'

/** What the addresses of a kind look like, and a sentence for those that do not. */
const forms: Readonly<Record<Exclude<ChannelKind, 'mail'>, { path: RegExp; host: RegExp; sentence: string }>> = {
  // Whoever hosts Mattermost or Rocket.Chat does so under a name of their own.
  slack: {
    host: /./,
    path: /^\/(services\/T\w+\/B\w+\/\w+|workflows\/[\w/]+|hooks\/[\w/]+|triggers\/[\w/]+)$/,
    sentence:
      'Must be as https://hooks.slack.com/services/T…/B…/…, or https://HOST/hooks/… of Mattermost or Rocket.Chat.',
  },
  teams: {
    host: /\.(webhook\.office\.com|logic\.azure\.(com|us)|(api|environment\.api)\.powerplatform\.(com|us))$/,
    path: /^\/./,
    sentence:
      'Must be the URL of a Teams workflow, on *.logic.azure.com, *.api.powerplatform.com or *.webhook.office.com.',
  },
  discord: {
    host: /^((ptb|canary)\.)?discord(app)?\.com$/,
    path: /^\/api\/(v\d+\/)?webhooks\/\d{5,25}\/[\w-]{10,200}$/,
    sentence: 'Must be as https://discord.com/api/webhooks/ID/TOKEN.',
  },
  ntfy: {
    host: /./,
    path: /^\/[-\w]{1,64}$/,
    sentence: 'Must be as https://ntfy.sh/TOPIC, at any host.',
  },
}

/** Why nothing is sent to an address, for whoever wrote it. */
const faults = {
  INVALID_URL: 'Must be a URL without user name, password and fragment.',
  NOT_HTTPS: 'Must begin with https://; http only to what whoever runs this instance allows (OUTBOUND_ALLOW).',
  PORT_NOT_ALLOWED: 'This port is not allowed; use 443, or one from 1024 on.',
  ADDRESS_NOT_ALLOWED:
    'This address is inside a private network; whoever runs this instance can allow it (OUTBOUND_ALLOW).',
} as const

/** Whether whoever runs the instance allows a host by name: it may be a relay of theirs that speaks for a service. */
const isInside = ({ config: { outboundAllow } }: World, host: string): boolean =>
  isAllowedHost(outboundAllow, host) || (isIP(host) !== 0 && isAllowedAddress(outboundAllow, host))

/**
 * An address as it is kept. Refuses INVALID_INPUT, by field, for what is no address of the kind, and what nothing is sent to.
 * What a name stands for is looked at again each time something is sent.
 */
export function addressFor(world: World, kind: ChannelKind, given: string): string {
  const wrong = (message: string) => refuse('INVALID_INPUT', { issues: [{ path: 'address', message }] })
  const text = given.trim()
  if (kind === 'mail') {
    const read = email.safeParse(text)
    return read.data ?? wrong('Must be one e-mail address, as ana@example.com.')
  }
  const { host, path, sentence } = forms[kind]
  if (!URL.canParse(text)) return wrong(sentence)
  const fault = outboundOf(world).faultOfUrl(text)
  if (fault) return wrong(faults[fault])
  const url = new URL(text)
  const known = host.test(url.hostname) || isInside(world, url.hostname)
  // Only a Teams workflow has its credential in the query.
  if (!known || !path.test(url.pathname) || (url.search !== '' && kind !== 'teams')) return wrong(sentence)
  return url.href
}

/** Refuses a token where there is nothing that takes one. */
export function tokenFor(kind: ChannelKind, token: string | null): string | null {
  if (token !== null && kind !== 'ntfy')
    refuse('INVALID_INPUT', { issues: [{ path: 'token', message: 'Only ntfy takes a token.' }] })
  return token
}

/** An address that people know again and nobody can use: host and the last four characters, of a short one nothing. */
export function masked(kind: ChannelKind, address: string): string {
  if (kind === 'mail') return `${address.slice(0, 1)}***${address.slice(address.lastIndexOf('@'))}`
  const { origin, pathname, search } = new URL(address)
  const secret = pathname.slice(1) + search
  return `${origin}/…${secret.length >= 12 ? secret.slice(-4) : ''}`
}
