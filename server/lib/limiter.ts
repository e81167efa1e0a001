import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { type Limit, type LimitClass, limits } from '../../shared/limits.ts'
import { coalesce } from './coalesce.ts'
import type { Sql } from './driver/connect.ts'

/** Where a caller stands in its class after one more request; `reset` is in seconds, rounded up. */
export type Rate = {
  class: LimitClass
  limit: number
  seconds: number
  remaining: number
  reset: number
  allowed: boolean
}

export type Limiter = {
  take(name: LimitClass, subject: string): Promise<Rate>
  /** How many requests a subject has left, without taking one. */
  peek(name: LimitClass, subject: string): Promise<number>
  /** Requests refused by this process so far, by class. */
  refusals(): ReadonlyMap<LimitClass, number>
}

export type LimitOverrides = Partial<Record<LimitClass, { max: number; seconds: number }>>

/** What the library asks of a Postgres client, on top of ours. */
const storeClient = (sql: Sql) => ({
  query: async ({ text, values }: { text: string; values?: (string | number | null)[] }) => {
    const rows = await sql.unsafe(text, values ?? [], { prepare: true })
    return { rows, rowCount: rows.length }
  },
})

/** Counts `cost` requests of one subject at once; the answer's `consumedPoints` also counts refused ones. */
async function consume(store: RateLimiterAbstract, subject: string, cost: number): Promise<RateLimiterRes> {
  try {
    return await store.consume(subject, cost)
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return refused
    throw refused
  }
}

type Counter = { take(subject: string): Promise<Rate>; peek(subject: string): Promise<number> }

/** Opens the counter of one class. Requests of one turn of the event loop are counted in one go per subject, still exactly. */
function openClass(name: LimitClass, { max, seconds, exact }: Limit, sql: Sql, onRefusal: () => void): Counter {
  const shared = { points: max, duration: seconds, keyPrefix: name }
  const rate = (consumed: number, msBeforeNext: number): Rate => {
    const allowed = consumed <= max
    if (!allowed) onRefusal()
    const reset = Math.max(1, Math.ceil(msBeforeNext / 1000))
    return { class: name, limit: max, seconds, remaining: Math.max(0, max - consumed), reset, allowed }
  }
  const peeking = (store: RateLimiterAbstract) => async (subject: string) =>
    Math.max(0, max - ((await store.get(subject))?.consumedPoints ?? 0))
  if (!exact) {
    const store = new RateLimiterMemory(shared)
    const take = async (subject: string) => {
      const { consumedPoints, msBeforeNext } = await consume(store, subject, 1)
      return rate(consumedPoints, msBeforeNext)
    }
    return { take, peek: peeking(store) }
  }
  const store = new RateLimiterPostgres({
    ...shared,
    storeClient: storeClient(sql),
    storeType: 'client',
    tableName: 'rates',
    tableCreated: true,
    clearExpiredByTimeout: false,
  })
  const take = coalesce(async (subjects: string[]) => {
    const bySubject = new Map<string, number>()
    for (const subject of subjects) bySubject.set(subject, (bySubject.get(subject) ?? 0) + 1)
    const counted = new Map<string, { next: number; msBeforeNext: number }>()
    await Promise.all(
      [...bySubject].map(async ([subject, cost]) => {
        const { consumedPoints, msBeforeNext } = await consume(store, subject, cost)
        counted.set(subject, { next: consumedPoints - cost + 1, msBeforeNext })
      }),
    )
    return subjects.map((subject) => {
      const place = counted.get(subject)
      if (!place) throw new Error('A subject was not counted.')
      return rate(place.next++, place.msBeforeNext)
    })
  })
  return { take, peek: peeking(store) }
}

/** All rate classes of `shared/limits.ts`, with the operator's overrides: exact ones in rows, the others in this process. */
export function openLimiter(sql: Sql, overrides: LimitOverrides): Limiter {
  const names = Object.keys(limits) as LimitClass[] // Object.keys forgets the literal names
  const refusals = new Map(names.map((name) => [name, 0]))
  const classes = new Map(
    names.map((name) => {
      const onRefusal = () => refusals.set(name, (refusals.get(name) ?? 0) + 1)
      return [name, openClass(name, { ...limits[name], ...overrides[name] }, sql, onRefusal)]
    }),
  )
  const counterOf = (name: LimitClass): Counter => {
    const counter = classes.get(name)
    if (!counter) throw new Error(`No rate class ${name}.`)
    return counter
  }
  return {
    refusals: () => refusals,
    take: (name, subject) => counterOf(name).take(subject),
    peek: (name, subject) => counterOf(name).peek(subject),
  }
}
