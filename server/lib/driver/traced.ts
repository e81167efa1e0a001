import { describeError } from '../mishap.ts'
import type { Traces } from '../trace.ts'
import type { Sql } from './connect.ts'

/** The driver's query, as far as it is known here: it is sent by its handler when somebody waits for it, and settled by two functions. */
type Query = { handler(query: unknown): unknown; resolve(rows: unknown): void; reject(error: unknown): void }

const isQuery = (made: unknown): made is Query => made instanceof Promise && 'handler' in made && 'resolve' in made

/** `INSERT events`: its first word, and the first table that it names. Both are the source's own; parameters are no part of it. */
export function nameOf(text: string): string {
  const [, verb = 'statement'] = /^\s*([a-z]{2,12})\b/i.exec(text) ?? []
  const [, table] = /\b(?:from|into|update|join)\s+(?:"?[a-z_]{1,40}"?\.)?"?([a-z_]{1,40})"?/i.exec(text) ?? []
  return table === undefined ? verb.toUpperCase() : `${verb.toUpperCase()} ${table}`
}

function traced(made: unknown, text: string, traces: Traces): unknown {
  if (!isQuery(made)) return made
  const { handler, resolve, reject } = made
  // A statement outside of any span is a look by the clock, which nobody follows.
  made.handler = (query) => {
    if (!traces.isWithin()) return handler(query)
    const name = nameOf(text)
    const operation = name.split(' ')[0] ?? ''
    const span = traces.begin(name, 'client', { 'db.system.name': 'postgresql', 'db.operation.name': operation })
    made.resolve = (rows) => {
      span.end()
      resolve(rows)
    }
    made.reject = (error) => {
      const { code, type } = describeError(error)
      span.end(code ?? type)
      reject(error)
    }
    return handler(query)
  }
  return made
}

/** The text of a statement with its parameters left out: a tagged template's constants, or what `unsafe` is given. */
const textOf = (first: unknown) => (Array.isArray(first) ? first.join(' ') : String(first))

/** The same client, whose statements are spans of whatever runs them. Pieces of statements are none: nobody sends them. */
export function tracedSql<Client extends Sql>(sql: Client, traces: Traces): Client {
  return new Proxy(sql, {
    apply(target, self, args) {
      const made: unknown = Reflect.apply(target, self, args)
      return Array.isArray(args[0]) && 'raw' in args[0] ? traced(made, textOf(args[0]), traces) : made
    },
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      if (name === 'unsafe')
        return (...args: unknown[]) => traced(Reflect.apply(member, target, args), textOf(args[0]), traces)
      if (name !== 'begin' && name !== 'savepoint') return member
      return (...args: unknown[]) => {
        const inside = args.map((one) => (typeof one === 'function' ? (tx: Sql) => one(tracedSql(tx, traces)) : one))
        return Reflect.apply(member, target, inside)
      }
    },
  })
}
