import type { Ctx } from '../context.ts'
import type { Config } from '../env.ts'
import { Wrong } from './looks.ts'

type Came = Ctx['came']

const loopback = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Compares PUBLIC_URL, which links and cookies are made for, with the address that a person's browser really used. */
export async function lookAtAddress({ publicUrl }: Config, came: Came): Promise<string> {
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'http:' && !loopback.test(hostname))
    throw new Wrong(
      `PUBLIC_URL is ${publicUrl}: without https everybody on the way can read links and take over sessions.`,
    )
  if (
    came &&
    came.origin !== publicUrl &&
    !(came.strangeProxy && came.origin.replace(/^http:/, 'https:') === publicUrl)
  )
    throw new Wrong(`PUBLIC_URL is ${publicUrl}, but this request came to ${came.origin}; links lead to the former.`)
  return `PUBLIC_URL is ${publicUrl}${came ? ', and so this request came' : ''}.`
}

/** Behind a proxy that is not trusted everybody has its address: limits, allowlists and records are of no use. */
export async function lookAtProxies({ trustedProxies }: Config, came: Came, ip: string): Promise<string> {
  if (came?.strangeProxy)
    throw new Wrong(
      `A proxy at ${ip} passes requests on, but TRUSTED_PROXIES does not name it: everybody counts as it.`,
    )
  return trustedProxies.length === 0 ? 'None is trusted, and none was seen.' : `Your address is ${ip}.`
}
