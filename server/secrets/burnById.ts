import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { burnSecret } from './ending.ts'
import { type SecretRow, secretColumns } from './secret.ts'

/** Burns a secret of the project, as a person who sees it in the list. */
export const burnById: Verb<typeof contract.secrets.burnById> = async (ctx, { secret_id }) => {
  const { sql } = ctx.world.db
  await burnSecret(ctx, async () => {
    const [row] = await sql<SecretRow[]>`
      select ${secretColumns(sql)} from secrets s join projects p on p.id = s.project_id
      where s.id = ${secret_id} and s.project_id = ${ctx.actor.projectId} and s.gone_at > now()`
    return row
  })
}
