import type { z } from 'zod'
import { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Scope } from '../../shared/scopes.ts'
import { record } from '../events/event.ts'
import { atomically } from '../lib/transaction.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { findKey, type KeyRow, shownKey } from './key.ts'
import { mustBeWithin } from './reach.ts'
import { allowlistOf, endOf, loggingEndOf } from './wish.ts'

type Change = z.output<typeof contract.keys.update.input>

/** The fields of a change in their order, but for what only names the key or confirms. */
const fields = Object.keys(contract.keys.update.input.shape).filter((one) => one !== 'keyId' && one !== 'allow_lockout')

const named = (input: Change) => fields.filter((field) => input[field as keyof Change] !== undefined) // fields are its keys

/** Whoever may change keys may name, describe and stop any; all else makes a key that they could have made. */
const isHarmless = (input: Change) =>
  named(input).every((field) => field === 'name' || field === 'description' || (field === 'disabled' && input.disabled))

/** What a key may do from now on; one of an agent's always asks. */
const scopesOf = (held: KeyRow, { scopes = held.scopes }: Change): Scope[] => [
  ...new Set<Scope>(held.agent_id === null ? scopes : ['permissions:request', ...scopes]),
]

/** Changes the fields that are sent, at once on every node. An ended key stays as it is. */
export const update: Verb<typeof contract.keys.update> = async (ctx, input) => {
  const projectId = liveProjectOf(ctx.actor)
  const allowlist =
    input.ip_allowlist === undefined ? undefined : allowlistOf(ctx, input.ip_allowlist, input.allow_lockout)
  const expiresAt = input.expires_at === undefined ? undefined : endOf(ctx, input.expires_at)
  const loggingUntil = loggingEndOf(ctx, input.logging_until)
  return atomically(ctx.world.db.sql, async (tx) => {
    const held = await findKey(tx, projectId, input.keyId, true)
    if (!held) return refuse('NOT_FOUND')
    if (held.status === 'revoked' || held.status === 'expired') refuse('KEY_ENDED')
    const next = {
      scopes: scopesOf(held, input),
      env: held.env,
      keyPaths: input.key_paths === undefined ? held.key_paths : input.key_paths,
      accountTags: input.account_tags === undefined ? held.account_tags : input.account_tags,
      ipAllowlist: allowlist === undefined ? held.ip_allowlist : allowlist,
      expiresAt: expiresAt === undefined ? held.expires_at : expiresAt,
    }
    if (!isHarmless(input)) mustBeWithin(ctx.actor, next)
    const logging = input.logging ?? held.logging
    await tx`
      update api_keys set name = ${input.name ?? held.name}, description = ${input.description ?? held.description},
        scopes = ${next.scopes}, key_paths = ${next.keyPaths}, account_tags = ${next.accountTags},
        ip_allowlist = ${next.ipAllowlist},
        expires_at = ${next.expiresAt}, transports = ${[...new Set(input.transports ?? held.transports)]},
        logging = ${logging}, logging_until = ${loggingEnd(held, logging, loggingUntil)}::timestamptz,
        disabled_at = case when ${input.disabled ?? held.status === 'disabled'} then coalesce(disabled_at, now()) end
      where id = ${held.id}`
    const changed = await findKey(tx, projectId, held.id)
    if (!changed) return refuse('NOT_FOUND')
    const payload = { key_id: changed.id, name: changed.name, fields: named(input) }
    if (payload.fields.length > 0)
      await record(tx, ctx, { name: 'key.changed', projectId, target: `key:${changed.id}`, payload })
    return shownKey(changed)
  })

  /** A day from now for bodies that were not kept before, unless another time was said. */
  function loggingEnd(held: KeyRow, logging: string, said: Date | null): Date | null {
    if (logging === 'none') return null
    if (said) return said
    if (held.logging !== 'none' && input.logging === undefined) return held.logging_until
    return new Date(ctx.world.clock.now().getTime() + 86_400_000)
  }
}
