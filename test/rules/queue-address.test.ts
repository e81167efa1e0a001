import { describe, expect, test } from 'vitest'
import { poolsFor } from '../../server/lib/queue/address.ts'

const at = { user: 'u', host: 'h', port: 5432, database: 'd' }
const unchecked = { rejectUnauthorized: false }

describe('the address of the database in the words of the queue’s driver', () => {
  test.each([
    ['postgres://u@h/d', [{ ...at, ssl: false }]],
    ['postgres://u:p%40ss@h:5433/d', [{ ...at, password: 'p@ss', port: 5433, ssl: false }]],
    ['postgresql://u@[::1]:5433/d', [{ ...at, host: '::1', port: 5433, ssl: false }]],
    ['postgres://u@h', [{ ...at, database: 'u', ssl: false }]],
    [
      'postgres://u@h:1,k:2/d',
      [
        { ...at, port: 1, ssl: false },
        { ...at, host: 'k', port: 2, ssl: false },
      ],
    ],
    ['postgres://u@localhost/d?host=/run/postgresql', [{ ...at, host: '/run/postgresql', ssl: false }]],
    ['postgres://u@h/d?sslmode=disable', [{ ...at, ssl: false }]],
    [
      'postgres://u@h/d?sslmode=prefer',
      [
        { ...at, ssl: unchecked },
        { ...at, ssl: false },
      ],
    ],
    ['postgres://u@h/d?sslmode=require', [{ ...at, ssl: unchecked }]],
    ['postgres://u@h/d?ssl=require', [{ ...at, ssl: unchecked }]],
    ['postgres://u@h/d?sslmode=verify-ca', [{ ...at, ssl: true }]],
    ['postgres://u@h/d?sslmode=verify-full', [{ ...at, ssl: true }]],
    ['postgres://u@h/d?sslrootcert=system', [{ ...at, ssl: true }]],
    ['postgres://u@h/d?options=-c%20search_path%3Dx', [{ ...at, options: '-c search_path=x', ssl: false }]],
    [{ ...at, host: '/run/x' }, [{ ...at, host: '/run/x', ssl: false }]],
  ])('of %j', (address, pools) => {
    expect(poolsFor(address)).toEqual(pools)
  })

  test('takes a role beside the address’s own options', () => {
    expect(poolsFor('postgres://u@h/d?options=-c%20a%3Db', 'r')).toMatchObject([{ options: '-c a=b -c role=r' }])
    expect(poolsFor({ ...at }, 'r')).toMatchObject([{ options: '-c role=r' }])
  })
})
