import { oneByOne } from '../rewrapping.ts'
import { resealSeed, type SealedSeed } from './sealing.ts'

type Row = SealedSeed & { id: string }

/** Puts the private halves of signing keys under another generation. */
export const rewrapSigningKeys = oneByOne<Row, Uint8Array>({
  next: (sql, to, after, most) => sql`
    select kid as id, sealed, generation from signing_keys
    where generation < ${to} and kid collate "C" > ${after} order by kid collate "C" limit ${most}`,
  reseal: (world, row, to) => resealSeed(world, row.id, row, to),
  store: (sql, row, sealed, to) => sql`
    update signing_keys set sealed = ${sealed}, generation = ${to}
    where kid = ${row.id} and generation = ${row.generation} and sealed = ${row.sealed}`,
})
