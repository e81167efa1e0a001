import type { Patch } from './patch.ts'

/** src/connection.js: one connection, its session and its socket. */
export const connection: Patch = {
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
      // Of several hosts the next one is asked, also after one that says nothing.
      find: `    errored(Errors.connection('CONNECT_TIMEOUT', options, socket))
    socket.destroy()`,
      put: `    error(Errors.connection('CONNECT_TIMEOUT', options, socket))
    socket && socket.destroy()`,
    },
    {
      // The same of a host that refuses, as one does that is starting up.
      find: `    } else {
      errored(Errors.postgres(parseError(x)))
    }`,
      put: `    } else if (connection.queue !== queues.connecting || !options.host[retries + 1]) {
      errored(Errors.postgres(parseError(x)))
    }`,
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
      // and closes at once was asked again without pause or end; and so were several hosts while none was the primary.
      // Each is asked once now, then the query fails and the usual pause follows.
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

    if (initial && ++retries < options.host.length) {
      query = null
      return reconnect()
    }

    ;(query || initial || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = null
    retries = 0
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
    {
      // Who read COPY's rows more slowly than they came left the socket paused when the last ones came with the end: no
      // later statement was ever answered.
      find: `    stream && stream.push(null)
    stream = null
  }`,
      put: `    stream && stream.push(null)
    stream = null
    socket && socket.resume()
  }`,
    },
  ],
}
