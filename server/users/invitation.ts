import { refuse } from '../../shared/errors.ts'
import type { Role } from '../../shared/roles.ts'
import type { ActorRef } from '../../shared/words.ts'
import type { Ctx } from '../context.ts'
import { telling } from '../events/event.ts'
import { hmac } from '../lib/crypto.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { makeLinkToken, normalLinkToken } from '../lib/token.ts'
import { atomically } from '../lib/transaction.ts'
import type { World } from '../world.ts'

/** An invitation as its link's holder may know it. */
export type Invitation = {
  id: string
  project_id: string
  project: string
  email: string
  role: Role
  created_by: ActorRef
  expires_at: Date
  /** It was used, revoked, or is over by the database's clock. */
  gone: boolean
}

/** How a link is stored and found: what it says is nowhere in the database. */
const digestOf = (world: World, token: string): Buffer =>
  hmac(world.keys.pepper, `invitation link ${normalLinkToken(token)}`)

/** A fresh link with its digest. The token stands after `#`, so that no browser sends it to anybody, and no log or proxy sees it. */
export function freshLink(world: World) {
  const token = makeLinkToken()
  return { digest: digestOf(world, token), url: `${world.config.publicUrl}/join#${token}` }
}

/** The invitation behind a link, also one that is gone. */
export async function findInvitation(sql: Sql, world: World, token: string): Promise<Invitation | undefined> {
  const [row] = await sql<Invitation[]>`
    select i.id, i.project_id, p.name as project, i.email, i.role, i.created_by, i.expires_at,
      (i.accepted_at is not null or i.revoked_at is not null or i.expires_at <= now()) as gone
    from invitations i join projects p on p.id = i.project_id where i.link_digest = ${digestOf(world, token)}`
  return row
}

/**
 * Joins the project, once: membership, mark and event are one statement, so that of racing accepts one wins. A disabled
 * member comes back. Refuses INVITATION_OF_ANOTHER, INVITATION_GONE and ALREADY_MEMBER.
 */
export async function acceptInvitation(
  sql: Sql,
  ctx: Ctx,
  invitation: Pick<Invitation, 'id' | 'email' | 'project_id'>,
  person: { id: string; name: string; email: string },
): Promise<void> {
  if (person.email !== invitation.email) refuse('INVITATION_OF_ANOTHER')
  // A transaction, so that an invitation of somebody who is a member already stays unused.
  await atomically(sql, async (tx) => {
    const [done] = await tx<{ used: boolean; joined: boolean }[]>`
    with used as (
      update invitations set accepted_at = now()
      where id = ${invitation.id} and accepted_at is null and revoked_at is null and expires_at > now()
      returning project_id, role, case created_by ->> 'type' when 'agent' then created_by ->> 'id'
        when 'key' then (select k.family from api_keys k where k.id = invitations.created_by ->> 'id') end as by_key
    ), joined as (
      insert into memberships (project_id, person_id, role, invited_by_key)
      select project_id, ${person.id}, role, by_key from used
      on conflict (project_id, person_id) do update set
        role = excluded.role, invited_by_key = excluded.invited_by_key, joined_at = now(), disabled_at = null
        where memberships.disabled_at is not null
      returning project_id, role
    ), told as (${telling(tx, ctx, {
      name: 'person.joined',
      target: tx`${`person:${person.id}`}::text`,
      payload: tx`jsonb_build_object('person_id', ${person.id}::text, 'name', ${person.name}::text, 'role', role)`,
      from: tx`joined`,
    })})
    select exists (select 1 from used) as used, exists (select 1 from joined) as joined`
    if (!done?.joined) refuse(done?.used ? 'ALREADY_MEMBER' : 'INVITATION_GONE')
  })
}
