import type { DBAdapter, Where } from '@better-auth/core/db/adapter'
import { drizzleAdapter } from '@better-auth/drizzle-adapter'
import type { BetterAuthOptions } from 'better-auth'
import { APIError } from 'better-auth/api'
import { identities, passkeys, people, sessions, twoFactors, verifications } from '../../drizzle/schema/people.ts'
import { Refusal } from '../../shared/errors.ts'
import { derive, hmac, seal, unseal } from '../lib/crypto.ts'
import { tokenDigest } from '../people/session.ts'
import type { World } from '../world.ts'
import { theAsking } from './asking.ts'
import { signUp } from './sign-up.ts'
import * as writes from './writes.ts'

const schema = {
  user: people,
  session: sessions,
  account: identities,
  verification: verifications,
  twoFactor: twoFactors,
  passkey: passkeys,
}

// biome-ignore lint/suspicious/noExplicitAny: the library's rows; each model's shape is the library's own
type Row = Record<string, any>

/** A refusal as the library passes one on: anything else it swallows. */
function asTheirs(thrown: unknown): never {
  if (!(thrown instanceof Refusal)) throw thrown
  throw new APIError('FORBIDDEN', { code: thrown.code, message: thrown.message })
}

/** The one row that a write is meant for, by the field that names it. */
function named(where: readonly Where[] | undefined, field: string): string | undefined {
  const found = where?.find((one) => one.field === field && (one.operator ?? 'eq') === 'eq')?.value
  return typeof found === 'string' ? found : undefined
}

/**
 * Keeps what opens anything out of the database: the token of a session is stored as its digest, the identifier of a
 * short-lived step (an OAuth state, a reset link) likewise, and what such a step remembers is sealed.
 */
function hiding(world: World) {
  const key = derive(world.keys.sessions, 'verification values')
  const step = (identifier: string) => hmac(world.keys.pepper, `step ${identifier}`).toString('hex')
  const digest = (model: string, field: string, value: string) => {
    if (model === 'session' && field === 'token') return tokenDigest(world, value)
    return model === 'verification' && field === 'identifier' ? step(value) : value
  }
  return {
    where: (model: string, where: Where[] = []): Where[] =>
      where.map((one) => {
        const { field, value } = one
        if (typeof value === 'string') return { ...one, value: digest(model, field, value) }
        if (!Array.isArray(value)) return one
        return {
          ...one,
          value: value.map((each) => (typeof each === 'string' ? digest(model, field, each) : each)) as string[],
        } // of one kind, as it came
      }),
    hide(model: string, row: Row): Row {
      if (model !== 'verification') return row
      const identifier = typeof row.identifier === 'string' ? { identifier: step(row.identifier) } : {}
      const value =
        typeof row.value === 'string' ? { value: seal(key, Buffer.from(row.value), 'step').toString('base64') } : {}
      return { ...row, ...identifier, ...value }
    },
    show<Found>(model: string, row: Found, where?: readonly Where[]): Found {
      if (!row || typeof row !== 'object') return row
      if (model === 'session') return { ...row, token: named(where, 'token') ?? '' }
      if (model !== 'verification' || !('value' in row)) return row
      return { ...row, value: unseal(key, Buffer.from(String(row.value), 'base64'), 'step').toString() }
    },
  }
}

/**
 * The library's tables, over drizzle, but for what has to be told: accounts, sessions, passwords and passkeys are written
 * by statements of ours that record it in the same commit (`writes.ts`).
 */
export function storeOf(world: World): (options: BetterAuthOptions) => DBAdapter {
  const make = drizzleAdapter(world.db.orm, { provider: 'pg', schema, transaction: false })
  const { where: digested, hide, show } = hiding(world)
  return (options) => {
    const inner = make(options)

    const create = async (model: string, data: Row): Promise<Row> => {
      if (model === 'user') {
        const made = await signUp(world, { name: data.name, email: data.email }).catch(asTheirs)
        return { ...data, ...made, twoFactorEnabled: false }
      }
      if (model === 'session') {
        const made = await writes.openFor(world, data.userId, data.token)
        return { ...data, id: made.id, expiresAt: made.expires_at, createdAt: made.created_at }
      }
      if (model === 'account') {
        const { userId, accountId, providerId, password } = data
        return { ...data, id: await writes.addIdentity(world, { userId, accountId, providerId, password }) }
      }
      if (model === 'passkey') return { ...data, id: await writes.addPasskey(world, data as writes.NewPasskey) } // what the plugin makes
      return show(model, await inner.create<Row, Row>({ model, data: hide(model, data) }))
    }

    const update = async (model: string, where: Where[], change: Row): Promise<Row | null> => {
      const found = () => inner.findOne<Row>({ model, where })
      if (model === 'user' && typeof change.twoFactorEnabled === 'boolean') {
        await writes.setTwoFactor(world, named(where, 'id') ?? '', change.twoFactorEnabled)
        return found()
      }
      if (model === 'account') {
        const row = await found()
        if (row && typeof change.password === 'string') await writes.changePassword(world, row.userId, change.password)
        return row
      }
      return show(model, await inner.update<Row>({ model, where: digested(model, where), update: hide(model, change) }))
    }

    const remove = async (model: string, where: Where[]): Promise<number> => {
      const [token, personId] = [named(where, 'token'), named(where, 'userId')]
      if (model === 'session' && token !== undefined) return writes.end(world, { digest: tokenDigest(world, token) })
      if (model === 'session' && personId !== undefined) return writes.end(world, { personId })
      if (model === 'passkey') {
        await writes.removePasskey(world, theAsking().session?.who.id ?? '', named(where, 'id') ?? '')
        return 1
      }
      return inner.deleteMany({ model, where: digested(model, where) })
    }

    const adapter = {
      ...inner,
      create: ({ model, data }: { model: string; data: Row }) => create(model, data),
      update: (call: { model: string; where: Where[]; update: Row }) => update(call.model, call.where, call.update),
      async updateMany({ model, where, update: change }: { model: string; where: Where[]; update: Row }) {
        const personId = named(where, 'userId')
        if (model !== 'account' || personId === undefined || typeof change.password !== 'string')
          return inner.updateMany({ model, where: digested(model, where), update: hide(model, change) })
        await writes.changePassword(world, personId, change.password)
        return 1
      },
      delete: async ({ model, where }: { model: string; where: Where[] }) => void (await remove(model, where)),
      deleteMany: ({ model, where }: { model: string; where: Where[] }) => remove(model, where),
      findOne: async (call: Parameters<DBAdapter['findOne']>[0]) =>
        show(call.model, await inner.findOne<Row>({ ...call, where: digested(call.model, call.where) }), call.where),
      findMany: async (call: Parameters<DBAdapter['findMany']>[0]) => {
        const rows = await inner.findMany<Row>({ ...call, where: digested(call.model, call.where) })
        return rows.map((row) => show(call.model, row, call.where))
      },
      count: (call: Parameters<DBAdapter['count']>[0]) =>
        inner.count({ ...call, where: digested(call.model, call.where) }),
      consumeOne: async (call: Parameters<DBAdapter['consumeOne']>[0]) =>
        show(call.model, await inner.consumeOne<Row>({ ...call, where: digested(call.model, call.where) })),
      transaction: <Answer>(work: (adapter: DBAdapter) => Promise<Answer>) => work(adapter),
    } as DBAdapter // the library's methods are generic in rows that only it knows
    return adapter
  }
}
