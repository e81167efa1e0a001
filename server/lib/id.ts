import { randomFillSync } from 'node:crypto'
import { ulid } from 'ulid'

const pool = new Uint8Array(4096)
let used = pool.length

/** A random byte as a fraction. The library asks the system for each of its 16 characters, which costs more than the row. */
function fraction(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return (pool[used++] ?? 0) / 256
}

/** A fresh id: a plain ULID with 80 bits of the system's randomness. Never a capability. */
export const newId = (): string => ulid(undefined, fraction)
