import { describe, expect, test } from 'vitest'
import { ownerOf } from '../owner.ts'
import { serve } from '../serve.ts'
import { changesOf, everything, names } from './changes.ts'

const service = await serve()
const sql = ownerOf(service.world)
const { changes } = await changesOf(service)

/** Every table that a change may write. */
const tables = ['approvals', '"values"', 'value_versions', 'events', 'idempotency', 'projects', 'api_keys']

describe.each(names)('%s', (name) => {
  test.each(tables)('that cannot write %s is done whole or not at all', async (table) => {
    const change = await changes[name]()
    await sql.unsafe(`
      create or replace function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger broken after insert or update or delete on ${table} for each row execute function fail()`)
    const before = await everything(sql)
    const { status } = await change()
    await sql.unsafe(`drop trigger broken on ${table}`)
    expect([200, 201, 204, 403, 500]).toContain(status)
    if (status === 500) expect(await everything(sql)).toBe(before)
    else expect(await everything(sql)).not.toBe(before)
  })
})
