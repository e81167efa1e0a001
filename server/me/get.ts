import { version } from '../../package.json'
import type { contract } from '../../shared/contract/index.ts'
import type { Role } from '../../shared/roles.ts'
import type { Verb } from '../verb.ts'

type Row = {
  two_factor: boolean
  has_password: boolean
  github: boolean
  passkeys: { id: string; credential_id: string; name: string | null; created_at: string }[]
  projects: { id: string; name: string; role: Role; test_id: string | null }[]
}

export const get: Verb<typeof contract.me.get> = async ({ world, actor }) => {
  const [row] = await world.db.sql<Row[]>`
    select two_factor_enabled as two_factor,
      exists (select 1 from identities i where i.person_id = p.id and i.password is not null) as has_password,
      exists (select 1 from identities i where i.person_id = p.id and i.provider_id = 'github') as github,
      (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'credential_id', k.credential_id, 'name', k.name,
        'created_at', k.created_at) order by k.id), '[]')
        from passkeys k where k.person_id = p.id) as passkeys,
      (select coalesce(jsonb_agg(jsonb_build_object('id', j.id, 'name', j.name, 'role', m.role, 'test_id', t.id) order by j.name), '[]')
        from memberships m join projects j on j.id = m.project_id left join projects t on t.test_of = j.id
        where m.person_id = p.id and m.disabled_at is null) as projects
    from people p where p.id = ${actor.id}`
  if (!row) throw new Error('A signed-in person has no row.')
  return {
    id: actor.id,
    name: actor.name,
    email: actor.email,
    runs_instance: actor.runsInstance,
    ...row,
    passkeys: row.passkeys.map((one) => ({ ...one, created_at: new Date(one.created_at).toISOString() })),
    fresh_until: actor.freshUntil.toISOString(),
    expires_at: actor.sessionEnds.toISOString(),
    server_time: world.clock.now().toISOString(),
    version,
  }
}
