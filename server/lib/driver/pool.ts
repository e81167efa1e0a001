import type { Patch } from './patch.ts'

/** src/queue.js: the lists that hold connections and waiting statements. */
export const queue: Patch = {
  sha256: '15e6345adb6708bf3b99ad39fc2231c2fb61de5f6cba4b7a7a6be881482a4ec3',
  hunks: [
    {
      // The slots that shift() empties were kept, and searched again by every remove().
      find: `      const index = xs.indexOf(x)
      return index === -1
        ? null
        : (xs.splice(index, 1), x)`,
      put: `      const at = xs.indexOf(x, index)
      return at === -1
        ? null
        : (xs.splice(at, 1), x)`,
    },
    {
      // Half empty: move up. Each element is moved at most once per halving, so a shift stays O(1).
      find: `      const out = xs[index++]

      if (index === xs.length) {
        index = 0
        xs = []
      } else {
        xs[index - 1] = undefined
      }

      return out`,
      put: `      if (index === xs.length)
        return undefined

      const out = xs[index]
      xs[index++] = undefined

      if (index * 2 >= xs.length) {
        xs = xs.slice(index)
        index = 0
      }

      return out`,
    },
  ],
}

/** src/index.js: the pool, transactions, reserved connections. */
export const pool: Patch = {
  sha256: '4e21f5733e70d79cffc10d10d4ef01031de4a9ac862210e43f8870029fd103ed',
  hunks: [
    {
      // What start-up looks for: see connect.ts.
      find: `Object.assign(Postgres, {
  PostgresError,`,
      put: `Object.assign(Postgres, {
  guarded: true,
  PostgresError,`,
    },
    {
      // A statement of a transaction whose connection was lost ran on the connection's next session, in autocommit or in
      // somebody else's transaction (its ROLLBACK too).
      find: `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
      put: `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (c.session !== session)
          return q.reject(Errors.connection('CONNECTION_CLOSED', options_))

        c.queue === full`,
    },
    {
      find: `    let savepoints = 0
      , connection`,
      put: `    let savepoints = 0
      , session
      , connection`,
    },
    {
      find: `      connection = c
      move(c, reserved)`,
      put: `      connection = c
      session = c.session
      move(c, reserved)`,
    },
    {
      // Statements that waited in the transaction's own queue were never answered.
      find: `        new Promise((_, reject) => connection.onclose = reject)`,
      put: `        new Promise((_, reject) => connection.onclose = e => {
          while (queries.length)
            queries.shift().reject(e)
          reject(e)
        })`,
    },
    {
      // See answer_timeout in connection.js.
      find: `    keep_alive      : 60,`,
      put: `    keep_alive      : 60,
    answer_timeout  : null,`,
    },
    {
      // begin() shadows the pool's options with its own.
      find: `  let ending = false

  const queries = Queue()`,
      put: `  const options_ = options

  let ending = false

  const queries = Queue()`,
    },
    {
      // The same for sql.reserve().
      find: `    move(c, reserved)
    c.reserved = () => queue.length`,
      put: `    const session = c.session
    c.onclose = e => {
      while (queue.length)
        queue.shift().reject(e)
    }
    move(c, reserved)
    c.reserved = () => queue.length`,
    },
    {
      find: `      c.reserved = null
      onopen(c)`,
      put: `      if (c.session !== session)
        return

      c.onclose = c.reserved = null
      onopen(c)`,
    },
    {
      find: `    function handler(q) {
      c.queue === full
        ? queue.push(q)`,
      put: `    function handler(q) {
      if (c.session !== session)
        return q.reject(Errors.connection('CONNECTION_CLOSED', options))

      c.queue === full
        ? queue.push(q)`,
    },
  ],
}
