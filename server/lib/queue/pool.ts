import type { Pool, PoolConfig } from 'pg'
import { DatabaseAway, within } from '../deadline.ts'

/** Seconds after which a statement without an answer is given up. */
const silence = 30

type Connected = (error?: Error) => void

/**
 * A pool whose connections go to the first of these addresses that is a primary, and on to the next when it is that no more:
 * `pg` knows one host only, and a worker that stays with a dead one, or with a standby, finds no job and does not fail either.
 */
async function openPool(addresses: readonly PoolConfig[], more: PoolConfig): Promise<Pool> {
  const { default: pg } = await import('pg')
  let place = 0
  class Client extends pg.Client {
    readonly place = place

    constructor() {
      super({ ...more, ...addresses[place % addresses.length] })
      // Before it is the pool's, too: an 'error' event without a listener ends the process.
      this.on('error', () => undefined)
    }

    override connect(): Promise<this>
    override connect(done: Connected): void
    override connect(done?: Connected): Promise<this> | undefined {
      const connected = this.reach()
      if (!done) return connected
      void connected.then(() => done(), done)
    }

    private async reach(): Promise<this> {
      try {
        await super.connect()
        const { rows } = await this.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
        if (!rows[0]?.standby) return this
        await this.end()
        throw new DatabaseAway('The database is a standby')
      } catch (error) {
        // Others may have seen it before.
        if (place === this.place) place++
        throw error
      }
    }
  }
  return new pg.Pool({ ...more, Client })
}

/** Until one of the addresses has answered. @throws what the last one did */
async function reachOne(pool: Pool, addresses: readonly PoolConfig[]): Promise<void> {
  for (let left = addresses.length; ; left--) {
    try {
      return void (await pool.query('select'))
    } catch (error) {
      if (left <= 1) throw error
    }
  }
}

/**
 * Runs work on a pool of its own. The library's pool loses its error handlers before it is closed: a connection that the
 * server ends in that moment would end the process.
 * @param addresses tried in turn
 */
export async function withPool<Answer>(
  addresses: readonly PoolConfig[],
  { name, max }: { name: string; max: number },
  work: (pool: Pool) => Promise<Answer>,
): Promise<Answer> {
  const pool = await openPool(addresses, {
    max,
    application_name: name,
    connectionTimeoutMillis: 5000,
    query_timeout: silence * 1000,
    keepAlive: true,
  })
  // The query that is under way fails, or the next one does: that is where it is dealt with.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  try {
    await reachOne(pool, addresses)
    return await work(pool)
  } finally {
    await within(2000, pool.end()).catch(() => undefined)
  }
}
