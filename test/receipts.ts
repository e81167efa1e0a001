import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { canonical } from '../server/lib/canonical.ts'

const segment = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : canonical(value)).toString('base64url')

/** The parts of a receipt as they are: nothing is proven. */
export function partsOf(receipt: string) {
  const [header = '', payload = '', signature = ''] = receipt.split('.')
  const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return { header: json(header), payload: json(payload), signature, words: `${header}.${payload}` }
}

/** A receipt of these words, signed by whomever; texts are taken as they are, whatever they say. */
export function forged(header: unknown, payload: unknown, key?: KeyObject): string {
  const words = `${segment(header)}.${segment(payload)}`
  return `${words}.${key ? sign(null, Buffer.from(words), key).toString('base64url') : ''}`
}

/** A key that is nobody's, with its public half as a JWK of this kid. */
export function strangeKey(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid } }
}

/** All that is wrong with receipts on their way, by the code that `verifyReceipt` gives; each made of a good one. */
export function spoiled(receipt: string): [what: string, receipt: string, code: string][] {
  const { header, payload, signature, words } = partsOf(receipt)
  const { key } = strangeKey('x')
  const [head = '', body = ''] = words.split('.')
  const last = signature.slice(-1)
  const other = { A: 'B', Q: 'R', g: 'h', w: 'x' }[last] ?? 'A'
  return [
    ['another kid', forged({ ...header, kid: 'other' }, payload, key), 'UNKNOWN_KEY'],
    ['the right kid and another key', forged(header, payload, key), 'ALTERED'],
    ['algorithm none', forged({ ...header, alg: 'none' }, payload), 'WRONG_ALGORITHM'],
    [
      'algorithm none with the old signature',
      `${segment({ ...header, alg: 'none' })}.${body}.${signature}`,
      'WRONG_ALGORITHM',
    ],
    ['algorithm HS256', forged({ ...header, alg: 'HS256' }, payload, key), 'WRONG_ALGORITHM'],
    ['another typ', forged({ ...header, typ: 'JWT' }, payload, key), 'NOT_A_RECEIPT'],
    [
      'a key of its own in the header',
      forged({ ...header, jwk: strangeKey(header.kid).jwk }, payload, key),
      'NOT_CANONICAL',
    ],
    [
      'an extension that must be understood',
      forged({ ...header, crit: ['b64'], b64: false }, payload, key),
      'NOT_CANONICAL',
    ],
    ['another action', `${head}.${segment({ ...payload, action: 'reject' })}.${signature}`, 'ALTERED'],
    ['no signature', `${words}.`, 'ALTERED'],
    ['a signature cut short', `${words}.${signature.slice(0, 80)}`, 'ALTERED'],
    ['a signature spelt otherwise', `${words}.${signature.slice(0, -1)}${other}`, 'ALTERED'],
    ['the payload spelt otherwise', `${head}.${segment(JSON.stringify(payload, null, 1))}.${signature}`, 'ALTERED'],
    ['four parts', `${receipt}.AAAA`, 'NOT_A_RECEIPT'],
    ['two parts', words, 'ALTERED'],
    ['nothing', '', 'NOT_A_RECEIPT'],
  ]
}
