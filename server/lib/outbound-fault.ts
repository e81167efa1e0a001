import type { UrlFault } from './outbound-url.ts'

/** Why a request never got its answer. */
export type OutboundCode =
  | UrlFault
  | 'NAME_NOT_FOUND'
  | 'TIMEOUT'
  | 'TLS'
  | 'REFUSED'
  | 'UNREACHABLE'
  | 'BROKEN'
  | 'BAD_REPLY'

/** A request that got no answer. Its message is its code: an address can hold a credential, and a name can be anybody's. */
export class OutboundFault extends Error {
  override name = 'OutboundFault'
  readonly code: OutboundCode

  constructor(code: OutboundCode) {
    super(code)
    this.code = code
  }
}

const known: readonly [RegExp, OutboundCode][] = [
  [/^ECONNREFUSED$/, 'REFUSED'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/, 'UNREACHABLE'],
  [/^ETIMEDOUT$/, 'TIMEOUT'],
  [/^HPE_/, 'BAD_REPLY'],
  [/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/, 'TLS'],
]

const codeIn = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Anything that a connection throws, as one of our codes. Several addresses were tried: as the first one failed. */
export function faultOf(error: unknown): OutboundFault {
  if (error instanceof OutboundFault) return error
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code = codeIn(first) || codeIn(error)
  return new OutboundFault(known.find(([shape]) => shape.test(code))?.[1] ?? 'BROKEN')
}
