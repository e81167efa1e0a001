import { refuse } from '../../shared/errors.ts'
import type { Role } from '../../shared/roles.ts'
import type { Sql } from '../lib/driver/connect.ts'
import type { Asker } from './reach.ts'

/** Whom a request names: exactly one of the two. */
export type Named = { email: string } | { key_id: string }

/** Whom a grant is for, as its row keeps it; `to` is what the audit log calls them. */
export type Grantee = { email: string | null; family: string | null; to: string }

/** A grantee who is here to be granted something; `role` is a person's, also of who is only invited. */
export type PresentGrantee = Grantee & { role: Role | null }

const absent = (path: 'email' | 'key_id', message: string) =>
  refuse('NOT_FOUND', { sentence: message, issues: [{ path, message }] })

/** Members and invitations are the live project's, in test mode too. */
const liveProject = (sql: Sql, { projectId }: Asker) =>
  sql`(select coalesce(test_of, id) from projects where id = ${projectId})`

async function roleOfMember(tx: Sql, asker: Asker, email: string): Promise<Role | undefined> {
  const [member] = await tx<{ role: Role }[]>`
    select m.role from memberships m join people p on p.id = m.person_id
    where m.project_id = ${liveProject(tx, asker)} and p.email = ${email} and m.disabled_at is null for share of m`
  return member?.role
}

async function roleOfInvited(tx: Sql, asker: Asker, email: string): Promise<Role | undefined> {
  const [invited] = await tx<{ role: Role }[]>`
    select role from invitations i where project_id = ${liveProject(tx, asker)} and email = ${email}
      and accepted_at is null and revoked_at is null and expires_at > now() for share of i`
  return invited?.role
}

/**
 * A member, somebody with an open invitation, or a key of the asker's project that has not ended; a person stays what they are
 * until the transaction ends, so that nobody is granted anything while they are shown out. Refuses NOT_FOUND.
 */
export async function holdGrantee(tx: Sql, asker: Asker, named: Named): Promise<PresentGrantee> {
  if ('key_id' in named) {
    const [key] = await tx<{ family: string; name: string }[]>`
      select family, name from api_keys where id = ${named.key_id} and project_id = ${asker.projectId}
        and revoked_at is null and (expires_at is null or expires_at > now())`
    if (!key) return absent('key_id', 'The project has no such API key, or it has ended.')
    return { email: null, family: key.family, to: key.name, role: null }
  }
  const { email } = named
  const role =
    (await roleOfMember(tx, asker, email)) ??
    (await roleOfInvited(tx, asker, email)) ??
    // Who was accepting the invitation while this waited for it is a member now.
    (await roleOfMember(tx, asker, email))
  if (!role) return absent('email', 'Nobody with this address is in the project or invited; invite them first.')
  return { email, family: null, to: email, role }
}

/** Whom a grant that may be there is for, whatever became of them. Refuses NOT_FOUND for a key that the project never had. */
export async function findGrantee(sql: Sql, asker: Asker, named: Named): Promise<Grantee> {
  if ('email' in named) return { email: named.email, family: null, to: named.email }
  const [key] = await sql<{ family: string; name: string }[]>`
    select family, name from api_keys where id = ${named.key_id} and project_id = ${asker.projectId}`
  if (!key) return absent('key_id', 'The project has no such API key.')
  return { email: null, family: key.family, to: key.name }
}
