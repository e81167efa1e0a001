import { DrizzleQueryError } from 'drizzle-orm/errors'
import { pino } from 'pino'
import postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { ZodError, z } from 'zod'
import { type Log, openLog } from '../../server/lib/log.ts'
import { Refusal } from '../../shared/errors.ts'

const canary = 'c4naryS3cret'

/** A log and everything it wrote. */
function listen(level = 'trace') {
  const written: string[] = []
  const log = openLog(level, { write: (line) => void written.push(line) })
  return {
    log,
    text: () => written.join(''),
    last: () => JSON.parse(written.at(-1) ?? '{}') as Record<string, unknown>,
  }
}

/** As a caller may misuse it: the compiler refuses all this. */
type Careless = Record<keyof Log, (...anything: unknown[]) => Careless>
const careless = (log: Log) => log as unknown as Careless

/** What the driver throws for a statement that the server refused. */
const refusedByServer = () =>
  new postgres.PostgresError(
    // The driver passes the server's fields; its type only knows a message.
    Object.assign({} as never, {
      name: 'error',
      severity: 'ERROR',
      code: '23505',
      message: `duplicate key value "${canary}"`,
      detail: `Key (token)=(${canary}) already exists.`,
      hint: canary,
      where: canary,
      query: `insert into keys values ('${canary}')`,
      parameters: [canary],
      constraint_name: 'api_keys_digest_unique',
      routine: '_bt_check_unique',
    }),
  )

function faultsWithCanary(): Record<string, unknown> {
  const drizzled = new DrizzleQueryError(`select '${canary}'`, [canary], refusedByServer())
  const zod = z.strictObject({}).safeParse({ [canary]: canary }).error ?? new ZodError([])
  let json: unknown
  try {
    JSON.parse(canary)
  } catch (error) {
    json = error
  }
  const named = Object.assign(new Error(canary), { code: `${canary} ${canary}`, name: canary, body: canary })
  return {
    postgres: refusedByServer(),
    drizzle: drizzled,
    nested: new Error(canary, { cause: new Error(canary, { cause: drizzled }) }),
    zod,
    json,
    named,
    refusal: new Refusal('WRONG_PIN', { sentence: canary, details: { pin: canary } }),
    forged: new Error(`first line\n    at ${canary} (/${canary}.js:1:1)`),
    text: canary,
    object: { canary },
  }
}

describe('a log line', () => {
  test.each(Object.entries(faultsWithCanary()))(
    'tells of a fault (%s) without message, query or parameter',
    (_kind, fault) => {
      const { log, text, last } = listen()
      log.error({ err: fault }, 'A request failed')
      careless(log).error({ err: fault })
      log.child({ request_id: 'r1' }).error({ err: fault }, 'again')
      if (fault instanceof Error) {
        careless(log).error(fault)
        careless(log).error(fault, 'with a sentence')
      }
      expect(text()).not.toContain(canary)
      expect(last()).toMatchObject({ level: 'error', err: { type: expect.any(String) } })
    },
  )

  test('the same faults leak from a plain logger (the control)', () => {
    const written: string[] = []
    const log = pino({}, { write: (line: string) => void written.push(line) })
    for (const fault of Object.values(faultsWithCanary())) log.error({ err: fault }, 'A request failed')
    expect(written.filter((line) => line.includes(canary)).length).toBeGreaterThanOrEqual(9)
  })

  test('keeps what finds the cause: kind, SQLSTATE, constraint, routine, frames, and the same of the cause', () => {
    const { log, last } = listen()
    log.error({ err: faultsWithCanary().drizzle }, 'A request failed')
    expect(last()).toMatchObject({
      msg: 'A request failed',
      err: {
        type: 'DrizzleQueryError',
        at: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
        cause: {
          type: 'PostgresError',
          code: '23505',
          constraint: 'api_keys_digest_unique',
          routine: '_bt_check_unique',
        },
      },
    })
  })

  test('drops every field that is not on the list, in a child and at the root', () => {
    const { log, text, last } = listen()
    const fields = {
      headers: { authorization: canary },
      req: { url: `/a/${canary}`, headers: { cookie: canary } },
      res: { body: canary },
      body: canary,
      query: { key: canary },
      pin: canary,
      token: canary,
      key: canary,
      hostname: canary,
    }
    careless(log).info({ ...fields, request_id: 'r1', route: '/a/:token', status: 200, ms: 1.5 }, 'Answered')
    expect(last()).toEqual({
      level: 'info',
      time: expect.any(String),
      pid: process.pid,
      request_id: 'r1',
      route: '/a/:token',
      status: 200,
      ms: 1.5,
      msg: 'Answered',
    })
    careless(log)
      .child({ ...fields, request_id: 'r2' })
      .info(fields, 'Answered')
    expect(last()).toMatchObject({ request_id: 'r2', msg: 'Answered' })
    expect(text()).not.toContain(canary)
  })

  test('drops a listed field that holds something else, and what printf would have put in', () => {
    const { log, text, last } = listen()
    log.warn(
      { request_id: { canary }, code: `no id ${canary}`, status: canary, route: [canary], count: { canary } },
      'Odd',
    )
    careless(log).warn('of %s', canary)
    careless(log).warn({ count: 1 }, 'of %s and %j', canary, { canary })
    expect(text()).not.toContain(canary)
    expect(last()).toMatchObject({ count: 1, level: 'warn' })
  })

  test('is one line, whatever it holds', () => {
    const { log, text } = listen()
    log.info({ route: 'a\n{"level":"fatal"}\u2028' }, 'x\ny')
    expect(text().split('\n')).toHaveLength(2)
    expect(JSON.parse(text())).toMatchObject({ route: 'a\n{"level":"fatal"}\u2028' })
  })

  test('below the level is not written', () => {
    const { log, text } = listen('warn')
    log.info('quiet')
    expect(text()).toBe('')
  })
})
