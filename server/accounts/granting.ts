import type { GrantRole } from '../../shared/contract/account.ts'
import { refuse } from '../../shared/errors.ts'
import { actorRef, type Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { newId } from '../lib/id.ts'
import type { AccountRow } from './account.ts'
import { type GrantRow, grantOf } from './grant.ts'
import type { Grantee } from './grantee.ts'
import type { Asker } from './reach.ts'

/** What a grant gives, and until when: at a time, after so many minutes, or without an end. */
export type GrantWish = {
  role: GrantRole
  codes: number | null
  expiresAt: string | null
  minutes: number | null
}

type Stored = { id: string | null; ends: Date | null; over: boolean | null }

const faultyEnd = (message: string) => refuse('INVALID_INPUT', { issues: [{ path: 'expires_at', message }] })

/**
 * Stores a grant of a held account, by a condition on its end: in the future by the database's clock, and within the grantor's
 * own access. What the grantee had of it is replaced, but for the last time step whose code they were given: neither it nor
 * an older one is given again. Refuses INVALID_INPUT.
 */
async function store(tx: Sql, ctx: Ctx<Asker>, account: AccountRow, grantee: Grantee, wish: GrantWish) {
  const { email, family } = grantee
  const whose =
    email === null
      ? tx`(account_id, key_family) where key_family is not null`
      : tx`(account_id, email) where email is not null`
  const limit = account.grant_ends
  const [stored] = await tx<Stored[]>`
    with wish as (
      select coalesce(${wish.expiresAt}::timestamptz, now() + make_interval(mins => ${wish.minutes}::int))::timestamptz(3) as ends
    ), stored as (
      insert into account_grants as held (id, account_id, project_id, email, key_family, role, expires_at, codes_max, granted_by)
      select ${newId()}, ${account.id}, ${account.project_id}, ${email}, ${family}, ${wish.role}, ends, ${wish.codes}::int,
        ${tx.json(actorRef(ctx.actor))}::jsonb
      from wish
      where (ends is null or ends > now()) and (${limit}::timestamptz is null or ends <= ${limit}::timestamptz)
      on conflict ${whose} do update set role = excluded.role, expires_at = excluded.expires_at,
        codes_max = excluded.codes_max, codes_used = 0, granted_at = now(), granted_by = excluded.granted_by
      returning id
    )
    select stored.id, wish.ends, wish.ends <= now() as over from wish left join stored on true`
  if (!stored) throw new Error('A grant was neither stored nor refused.')
  if (stored.id !== null) return
  if (stored.over) faultyEnd('Must be in the future.')
  faultyEnd(`Your own access ends, and so does what you grant: at ${limit?.toISOString()} at the latest.`)
}

/** Grants access to a held account, anew or in place of what was granted, and tells of it. Refuses INVALID_INPUT. */
export async function grantTo(
  tx: Sql,
  ctx: Ctx<Asker>,
  account: AccountRow,
  grantee: Grantee,
  wish: GrantWish,
): Promise<GrantRow> {
  await store(tx, ctx, account, grantee, wish)
  const granted = await grantOf(tx, account.id, grantee)
  if (!granted) throw new Error('The grant was not stored.')
  const { id, project_id: projectId, name } = account
  const payload = {
    ...{ account_id: id, name, to: grantee.to, role: granted.role, codes: granted.codes_max },
    expires_at: granted.expires_at?.toISOString() ?? null,
  }
  await record(tx, ctx, { name: 'account.granted', projectId, target: `account:${id}`, payload })
  return granted
}

/** Ends a grant of a held account and tells of it; answers what it was. Refuses NOT_FOUND. */
export async function revokeFrom(tx: Sql, ctx: Ctx<Asker>, account: AccountRow, grantee: Grantee): Promise<GrantRow> {
  const { id, project_id: projectId, name } = account
  const granted = await grantOf(tx, id, grantee)
  const [gone] = granted ? await tx`delete from account_grants where id = ${granted.id} returning id` : []
  if (!granted || !gone)
    return refuse('NOT_FOUND', { sentence: 'They were not granted this account; owners and admins need no grant.' })
  await record(tx, ctx, {
    ...{
      name: 'account.revoked',
      projectId,
      target: `account:${id}`,
      payload: { account_id: id, name, to: grantee.to },
    },
  })
  return granted
}
