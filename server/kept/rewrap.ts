import { oneByOne } from '../rewrapping.ts'
import { resealText, type SealedText } from './sealing.ts'

type Row = SealedText & { id: string; project_id: string }

/** Puts release-only secrets under another generation. */
export const rewrapKept = oneByOne<Row, Uint8Array>({
  next: (sql, to, after, most) => sql`
    select id, project_id, sealed, generation from kept_secrets
    where generation < ${to} and id > ${after} order by id limit ${most}`,
  reseal: (world, row, to) => resealText(world, { id: row.id, projectId: row.project_id }, row, to),
  store: (sql, row, sealed, to) => sql`
    update kept_secrets set sealed = ${sealed}, generation = ${to}
    where id = ${row.id} and generation = ${row.generation} and sealed = ${row.sealed}`,
})
