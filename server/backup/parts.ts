import { z } from 'zod'
import { DamagedArchive } from './sealed.ts'

/** What an archive begins with: by which release, when, and after which migration. */
const opening = z.strictObject({
  kind: z.literal('opening'),
  release: z.string(),
  at: z.iso.datetime(),
  migration: z.strictObject({ hash: z.string(), when: z.number() }),
})

/** From here on come the rows of a table, in the order of these columns. */
const table = z.strictObject({ kind: z.literal('table'), name: z.string(), columns: z.array(z.string()) })

/** What it ends with: how many rows each table has, and the last number that each sequence gave (null: none yet). */
const ending = z.strictObject({
  kind: z.literal('ending'),
  rows: z.array(z.strictObject({ table: z.string(), count: z.number() })),
  sequences: z.array(z.strictObject({ name: z.string(), last: z.string().nullable() })),
})

const told = z.discriminatedUnion('kind', [opening, table, ending])

export type Opening = z.infer<typeof opening>
export type Table = z.infer<typeof table>
export type Ending = z.infer<typeof ending>

/** One part of an archive. Rows are in COPY's text form; a row may go on in the next part. */
export type Part = Opening | Table | Ending | { kind: 'rows'; bytes: Uint8Array }

const headBytes = 5
const largest = 1 << 28

/** A part as bytes: what it is, how long it is, and itself. */
export function written(part: Part): Buffer {
  const body = part.kind === 'rows' ? part.bytes : Buffer.from(JSON.stringify(part))
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(part.kind === 'rows' ? 1 : 0, 0)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

/** Reads what `written` wrote, from bytes that come in any pieces. @throws {DamagedArchive} */
export async function* readParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let held = Buffer.alloc(0)
  for await (const bytes of source) {
    held = Buffer.concat([held, bytes])
    let from = 0
    while (held.length - from >= headBytes) {
      const length = held.readUInt32BE(from + 1)
      if (length > largest) throw new DamagedArchive('A part is too long.')
      const end = from + headBytes + length
      if (held.length < end) break
      yield partOf(held.readUInt8(from), held.subarray(from + headBytes, end))
      from = end
    }
    held = held.subarray(from)
  }
  if (held.length > 0) throw new DamagedArchive('Its last part is not whole.')
}

function partOf(kind: number, bytes: Buffer): Part {
  if (kind === 1) return { kind: 'rows', bytes }
  try {
    return told.parse(JSON.parse(bytes.toString()))
  } catch {
    throw new DamagedArchive('A part is none that this release knows.')
  }
}
