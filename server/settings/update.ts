import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import { allows, parseAllowlist } from '../lib/allowlist.ts'
import { canonical } from '../lib/canonical.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { readSettings, type Settings } from './settings.ts'

type Wish = z.output<typeof contract.settings.update.input>

/** The networks of an allowlist as they are stored; refuses what cannot be read, and what locks its own author out. */
function networksOf({ ip_allowlist: entries, allow_lockout }: Wish, ip: string): string[] | null | undefined {
  if (!entries) return entries
  const { networks, issues } = parseAllowlist(entries)
  if (issues) refuse('INVALID_INPUT', { issues })
  if (!allow_lockout && !allows(networks, ip)) refuse('LOCK_OUT', { details: { ip } })
  return networks
}

/** What of a wish differs from what is. */
function changesIn(wish: Wish, before: Settings): Partial<Settings> {
  const { allow_lockout: _, ...fields } = wish
  const changed = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && canonical(value) !== canonical(before[name as keyof Settings]), // names of the contract
  )
  return Object.fromEntries(changed)
}

async function tell(tx: Sql, ctx: Ctx, projectId: string, changes: Partial<Settings>, was: string): Promise<void> {
  const { name, ...others } = changes
  const fact = { projectId, target: `project:${projectId}` }
  if (name !== undefined)
    await record(tx, ctx, { name: 'project.renamed', ...fact, payload: { project_id: projectId, name, was } })
  const fields = Object.keys(others)
  if (fields.length > 0) await record(tx, ctx, { name: 'settings.changed', ...fact, payload: { fields } })
}

/** Guests are strangers to the whole instance, so whoever runs it lets them in, as a person. Anybody who may can show them out. */
function mayLetGuestsIn({ actor }: Ctx): void {
  if (actor.type === 'person' && 'runsInstance' in actor && actor.runsInstance) return
  refuse('INSUFFICIENT_ROLE', {
    sentence: 'Only a person who runs this instance may let guests make secrets; they do so in the dashboard.',
  })
}

/** Two projects cannot have one name, and one at most takes guests. */
function refusalOfTaken(thrown: unknown): never {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === '23505')) throw thrown
  const guests = 'constraint_name' in thrown && thrown.constraint_name === 'projects_guests'
  return refuse(guests ? 'GUESTS_TAKEN' : 'NAME_TAKEN')
}

/** Changes the fields that are sent; nothing is written or told when none differs. Triggers tell every node. */
export const update: Verb<typeof contract.settings.update> = async (ctx, input) => {
  const projectId = liveProjectOf(ctx.actor)
  const networks = networksOf(input, ctx.ip)
  const wish = networks === undefined ? input : { ...input, ip_allowlist: networks }
  return atomically(ctx.world.db.sql, async (tx) => {
    const before = await readSettings(tx, projectId, true)
    const changes = changesIn(wish, before)
    if (Object.keys(changes).length === 0) return before
    if (changes.guest_secrets) mayLetGuestsIn(ctx)
    await tx`update projects set ${tx(changes)} where id = ${projectId}`
    if (changes.name !== undefined) await tx`update projects set name = ${changes.name} where test_of = ${projectId}`
    await tell(tx, ctx, projectId, changes, before.name)
    return { ...before, ...changes }
  }).catch(refusalOfTaken)
}
