import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { ByHand } from './by-hand.ts'

/** What the hand-written server keeps its seeds under. */
const key = Buffer.alloc(32, 7)

export function sealByHand(seed: Uint8Array): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
  return Buffer.concat([iv, cipher.update(seed), cipher.final(), cipher.getAuthTag()])
}

function openByHand(sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed)
  const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  opener.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([opener.update(bytes.subarray(12, -16)), opener.final()])
}

type Row = { id: string; seed: Uint8Array; algorithm: string; digits: number; period: number }

function codeByHand(seed: Uint8Array, { algorithm, digits }: Row, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac(algorithm, seed).update(counter).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

/** The codes of accounts and the ones after them: one prepared SELECT, as many seals and HMACs as ours, and no record of it. */
export async function codesByHand({ sql, projectId }: ByHand, ids: string[]) {
  const rows = await sql<Row[]>`
    select id, seed, algorithm, digits, period from accounts where project_id = ${projectId} and id = any(${ids}::text[])`
  const now = Date.now() / 1000
  const items = new Map(
    rows.map((row) => {
      const { id, period } = row
      const seed = openByHand(row.seed)
      const step = Math.floor(now / period)
      const ends = (step + 1) * period
      const [code, next_code] = [codeByHand(seed, row, step), codeByHand(seed, row, step + 1)]
      const expires_at = new Date(ends * 1000).toISOString()
      return [id, { id, code, next_code, period, seconds_remaining: Math.ceil(ends - now), expires_at }]
    }),
  )
  return ids.map((id) => items.get(id) ?? { id, error: 'unknown' })
}
