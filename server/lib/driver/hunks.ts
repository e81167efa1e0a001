/** One exact replacement in a file of the driver. `find` occurs once in the text the fingerprint names. */
export type Hunk = { find: string; put: string }

/** What is done to one file of postgres 3.4.9: the SHA-256 of the text we read, and the replacements. */
export type Patch = { sha256: string; hunks: readonly Hunk[] }

/**
 * The guard of the driver, file by file under `node_modules/postgres/src`. Each hunk says what went wrong without it.
 * Upstream: porsager/postgres #1154, #1066, #1208, #747.
 */
export const patches: Readonly<Record<string, Patch>> = {
  'connection.js': {
    sha256: 'ee3a218d9aa6a6f2887c1a19da50009335fe84c11a5431d5cab72d6bc528632f',
    hunks: [
      {
        // The socket can be gone when the deferred write comes: a TypeError in setImmediate ends the process.
        find: `    const x = socket.write(chunk, fn)
    nextWriteTimer !== null && clearImmediate(nextWriteTimer)`,
        put: `    nextWriteTimer !== null && clearImmediate(nextWriteTimer)
    const x = socket === null || socket.write(chunk, fn)`,
      },
      {
        // A statement of a dead session must fail, not wait in a queue that the next session never answers.
        find: `    if (stream)
      return queryError(q,`,
        put: `    if (socket === null)
      return queryError(q, Errors.connection('CONNECTION_CLOSED', options))

    if (stream)
      return queryError(q,`,
      },
      {
        // A path that went silent (a failover, a dropped NAT entry) keeps its connections for about 15 minutes. Ours end
        // when the server says nothing for `answer_timeout` seconds while a statement waits.
        find: `      , connectTimer = timer(connectTimedOut, options.connect_timeout)`,
        put: `      , connectTimer = timer(connectTimedOut, options.connect_timeout)
      , answerTimer = timer(unanswered, options.answer_timeout)`,
      },
      {
        find: `  function connectTimedOut() {`,
        put: `  function unanswered() {
    socket && socket.destroy(Errors.connection('ANSWER_TIMEOUT', options, socket))
  }

  function connectTimedOut() {`,
      },
      {
        find: `      q.state = backend
      query`,
        put: `      q.state = backend
      answerTimer.start()
      query`,
      },
      {
        find: `  function data(x) {
    if`,
        put: `  function data(x) {
    query && answerTimer.start()
    if`,
      },
      {
        find: `    query = results = errorResponse = null
    result = new Result()
    connectTimer.cancel()`,
        put: `    query = results = errorResponse = null
    result = new Result()
    connectTimer.cancel()
    sent.length || answerTimer.cancel()`,
      },
      {
        find: `    lifeTimer.cancel()
    connectTimer.cancel()`,
        put: `    lifeTimer.cancel()
    connectTimer.cancel()
    answerTimer.cancel()`,
      },
      {
        // A BEGIN that fills the pipeline (the 100th statement) was sent but never reserved: an open transaction for all.
        find: `      return write(toBuffer(q))
        && !q.describeFirst
        && !q.cursorFn
        && sent.length < max_pipeline
        && (!q.options.onexecute || q.options.onexecute(connection))`,
        put: `      const ready = write(toBuffer(q))
        && !q.describeFirst
        && !q.cursorFn
        && sent.length < max_pipeline
      return q.options.onexecute ? q.options.onexecute(connection) : ready`,
      },
      {
        // Lets a transaction see that its connection is no longer its session.
        find: `    count: 0,
    id`,
        put: `    count: 0,
    session: 0,
    id`,
      },
      {
        // end() during the pause before a reconnect left a connection that nobody closes.
        find: `  async function connect() {
    terminated = false`,
        put: `  async function connect() {
    if (initial === null && !cancelMessage)
      return

    terminated = false`,
      },
      {
        find: `    errored(Errors.connection('CONNECT_TIMEOUT', options, socket))
    socket.destroy()`,
        put: `    errored(Errors.connection('CONNECT_TIMEOUT', options, socket))
    socket && socket.destroy()`,
      },
      {
        // An 'error' event without a listener ends the process.
        find: `    socket.removeAllListeners()
    socket = tls.connect(options)`,
        put: `    socket.removeAllListeners()
    socket.on('error', noop)
    socket = tls.connect(options)`,
      },
      {
        // Bytes, rows and errors of the old session leaked into the next one: a start-up message that was never flushed
        // (a connection that hangs), results with holes, a first query refused with an old error. A server that accepts
        // and closes at once was asked again without pause or end. With several hosts the driver's own retry stays.
        find: `    socket.removeAllListeners()
    socket = null

    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    closedTime`,
        put: `    socket.removeAllListeners()
    socket.on('error', noop)
    socket = null
    connection.session++
    chunk = nextWriteTimer = errorResponse = results = final = null
    result = new Result()
    rows = 0

    if (initial && options.host.length > 1)
      return reconnect()

    ;(query || initial || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = null
    closedTime`,
      },
      {
        // end() waited for ever when the connection was lost before its last answer.
        find: `    onclose(connection, Errors.connection('CONNECTION_CLOSED', options, socket))
  }`,
        put: `    onclose(connection, Errors.connection('CONNECTION_CLOSED', options, socket))
    connection.queue === queues.closed && ended && (ended(), ending = ended = null)
  }`,
      },
      {
        // Lost during its first query: an unhandled rejection ends the process.
        find: `        return fetchArrayTypes()
      }`,
        put: `        return fetchArrayTypes().catch(noop)
      }`,
      },
      {
        find: `    query.execute()
  }`,
        put: `    query.catch(noop)
  }`,
      },
    ],
  },
  'queue.js': {
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
  },
  'index.js': {
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
  },
}
