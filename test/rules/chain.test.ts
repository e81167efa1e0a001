import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { headAfter, type Link, leafOf, macOf, type RowTexts, signerOf } from '../../server/audit/chain.ts'
import { canonical } from '../../server/lib/canonical.ts'
import { hmac } from '../../server/lib/crypto.ts'

const row: RowTexts = {
  ...{ seq: '7', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', project_id: 'p', name: 'value.set', actor: '{"id": null}' },
  ...{
    target: 'value:a',
    payload: '{"a": 1}',
    request_id: null,
    ip: '203.0.113.7',
    user_agent: 'A "b"\n',
    at: '1735732800000',
  },
  ...{ tick: '740', mac: Buffer.alloc(32, 7) },
}
const link: Link = {
  ...{ project_id: 'p', number: 2, from_tick: 10, to_tick: 20, rows: 3, total: 5 },
  ...{ digest: Buffer.alloc(32, 1), at: new Date('2025-01-01T12:00:00Z') },
}
const sha256 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The same row with one word changed, for each word. */
const others = Object.keys(row)
  .filter((name) => name !== 'mac')
  .map((name) => ({ ...row, [name]: name === 'request_id' ? 'null' : `${row[name as keyof RowTexts]}0` })) // its own keys

describe('a row', () => {
  test('is hashed under a key of its own over everything it says', () => {
    const key = Buffer.alloc(32, 9)
    const text =
      '["7", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "p", "value.set", "{\\"id\\": null}", "value:a", "{\\"a\\": 1}", null, "203.0.113.7", "A \\"b\\"\\n", "1735732800000", "740"]'
    expect(macOf(key, row)).toEqual(sha256(hmac(key, row.id), sha256(text)))
    for (const other of others) expect(macOf(key, other)).not.toEqual(macOf(key, row))
    expect(macOf(Buffer.alloc(32, 8), row)).not.toEqual(macOf(key, row))
  })
  test('has a leaf that covers its hash too', () => {
    for (const other of [...others, { ...row, mac: Buffer.alloc(32, 8) }, { ...row, mac: new Uint8Array() }])
      expect(leafOf(other)).not.toEqual(leafOf(row))
  })
})

describe('a head', () => {
  test('covers every word of its seal and the head before it', () => {
    const head = headAfter(Buffer.alloc(32, 2), link)
    const changed: Link[] = [
      ...(['number', 'from_tick', 'to_tick', 'rows', 'total'] as const).map((name) => ({
        ...link,
        [name]: link[name] + 1,
      })),
      { ...link, project_id: 'q' },
      { ...link, digest: Buffer.alloc(32, 3) },
      { ...link, at: new Date(link.at.getTime() + 1) },
    ]
    for (const other of changed) expect(headAfter(Buffer.alloc(32, 2), other)).not.toEqual(head)
    expect(headAfter(Buffer.alloc(32, 4), link)).not.toEqual(head)
    expect(headAfter(undefined, link)).not.toEqual(head)
  })
  test('takes nothing else of what a stored seal has', () => {
    const stored = { ...link, head: Buffer.alloc(32), signature: Buffer.alloc(64) }
    expect(headAfter(undefined, stored)).toEqual(headAfter(undefined, link))
  })
})

describe('a signature', () => {
  // RFC 8032, 7.1, test 1.
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
  const place = { project_id: 'p', number: 1, total: 2, head: 'ab', at: '2025-01-01T12:00:00.000Z' }

  test('is made by the Ed25519 key of the seed (RFC 8032)', () => {
    expect(Buffer.from(signerOf(seed).publicKey, 'base64url').toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    )
  })
  test('holds for exactly what was signed', () => {
    const signer = signerOf(seed)
    const head = signer.sign(place)
    expect(signer.holds(head)).toBe(true)
    expect(canonical({ ...place, public_key: signer.publicKey })).toBe(
      `{"at":"${place.at}","head":"ab","number":1,"project_id":"p","public_key":"${signer.publicKey}","total":2}`,
    )
    for (const [name, value] of Object.entries({
      project_id: 'q',
      number: 2,
      total: 3,
      head: 'ac',
      at: '',
      signature: '',
    }))
      expect(signer.holds({ ...head, [name]: value })).toBe(false)
    expect(signerOf(Buffer.alloc(32, 1)).holds(head)).toBe(false)
    expect(signer.holds({ ...signerOf(Buffer.alloc(32, 1)).sign(place) })).toBe(false)
  })
})
