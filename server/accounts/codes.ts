import type { z } from 'zod'
import type { code } from '../../shared/contract/account.ts'
import type { contract } from '../../shared/contract/index.ts'
import { errors } from '../../shared/errors.ts'
import { codeOf, startOf, stepAt } from '../lib/totp.ts'
import type { Verb } from '../verb.ts'
import type { World } from '../world.ts'
import { type Looked, lookAt } from './looking.ts'
import { openSeed } from './sealing.ts'

type Item = z.input<typeof code>

const unknown = 'There is no such account among those you may use.'

const howToAsk = (id: string) =>
  `Codes of this account leave only by an approval: create one with release: {"account": "${id}"}, and read them there after the yes.`

const sentenceOf = (id: string, code: NonNullable<Item['error_code']>) =>
  code === 'NOT_FOUND' ? unknown : code === 'ONLY_BY_APPROVAL' ? howToAsk(id) : errors[code].sentence

const without = (id: string, error_code: NonNullable<Item['error_code']>, more: Partial<Item> = {}): Item => ({
  id,
  error: sentenceOf(id, error_code),
  error_code,
  ...more,
})

/** The clock before the statement, by which a counted code was spent, and after it. */
type Times = { asked: Date; sent: Date }

async function itemOf(world: World, projectId: string, row: Looked, { asked, sent }: Times): Promise<Item> {
  const { id, fault, period, codes_left } = row
  const counted = codes_left === null ? {} : { codes_left }
  if (fault !== null) return without(id, fault, fault === 'NOT_FOUND' ? {} : counted)
  const seed = await openSeed(world, { id, projectId }, { seed: row.seed, keyVersion: row.key_version })
  const recipe = { algorithm: row.algorithm, digits: row.digits, period }
  // Behind a slow database a step can end: only what was spent for the old one is still of it.
  const step = stepAt(codes_left === null ? sent : asked, period)
  const ends = startOf(step + 1, period)
  return {
    id,
    code: codeOf(seed, recipe, step),
    next_code: codes_left === null ? codeOf(seed, recipe, step + 1) : null,
    period,
    seconds_remaining: Math.max(0, Math.ceil((ends.getTime() - sent.getTime()) / 1000)),
    expires_at: ends.toISOString(),
    ...counted,
  }
}

/** The current codes of accounts, in the order of `ids`, each with what is wrong with it instead where it has none. */
export const codes: Verb<typeof contract.accounts.codes> = async (ctx, { ids }) => {
  const { world } = ctx
  const asked = world.clock.now()
  // Postgres takes no NUL in a text, and no account's id has one.
  const distinct = [...new Set(ids)].filter((id) => !id.includes('\0'))
  const looked = await lookAt(ctx, distinct, asked)
  const closed = looked.flatMap((row) => (row.fault === 'KEY_MISSING' ? [row.id] : []))
  if (closed.length > 0) {
    // A generation that this node has not heard of yet: only those are looked at again.
    await world.vault.refresh()
    looked.push(...(await lookAt(ctx, closed, asked)))
  }
  const times = { asked, sent: world.clock.now() }
  const items = new Map<string, Item>()
  for (const row of looked) items.set(row.id, await itemOf(world, ctx.actor.projectId, row, times))
  return { items: ids.map((id) => items.get(id) ?? without(id, 'NOT_FOUND')) }
}
