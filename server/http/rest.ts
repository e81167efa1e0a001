import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { Refusal, refuse } from '../../shared/errors.ts'
import { refusalOf } from '../rpc/fault.ts'
import type { World } from '../world.ts'
import { answering } from './answer.ts'
import { aliases, type Operation, operations } from './operations.ts'
import { sendRefusal } from './replies.ts'
import { logRequests } from './trace.ts'

const prefixes = ['/v1', '/api/v1']
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const

/** What follows `/key/` in the address as it was sent: slashes may be plain or `%2F`. */
function pathAfter(marker: string, request: FastifyRequest): string {
  const [path = ''] = request.url.split('?')
  try {
    return decodeURIComponent(path.slice(path.indexOf(marker) + marker.length))
  } catch {
    return refuse('INVALID_INPUT', { issues: [{ path: 'key_path', message: 'Has a broken percent-encoding.' }] })
  }
}

type Answer = ReturnType<typeof answering>

/** `{key_path}` spans slashes, so its operations share one wildcard per method, told apart by the last segment. */
function registerSpanning(
  app: FastifyInstance,
  world: World,
  answer: Answer,
  prefix: string,
  spanning: Operation[],
): void {
  const marker = '{key_path}'
  const tailOf = (operation: Operation) => operation.entry.path.split(marker)[1] ?? ''
  const [head = ''] = spanning[0]?.entry.path.split(marker) ?? []
  const url = `${prefix}${head}*`
  const allow = new Map<string, string[]>()
  for (const one of spanning) allow.set(tailOf(one), [...(allow.get(tailOf(one)) ?? []), one.entry.method])
  const tails = [...allow.keys()].sort((a, b) => b.length - a.length)

  app.route({
    method: [...methods],
    url,
    handler: (request, reply) => {
      try {
        const path = pathAfter(`${prefix}${head}`, request)
        const tail = tails.find((one) => path.endsWith(one)) ?? ''
        const method = request.method === 'HEAD' ? 'GET' : request.method
        const operation = spanning.find((one) => one.entry.method === method && tailOf(one) === tail)
        if (operation) return answer(operation, request, reply, { key_path: path.slice(0, path.length - tail.length) })
        reply.header('allow', (allow.get(tail) ?? []).join(', '))
        return sendRefusal(world, request, reply, new Refusal('METHOD_NOT_ALLOWED'))
      } catch (thrown) {
        return sendRefusal(world, request, reply, refusalOf(thrown))
      }
    },
  })
}

/** Adds an operation's route. Bodies are read before it is called, but bytes, which its verb reads as they arrive. */
function routed(app: FastifyInstance, { entry }: Operation, route: RouteOptions): void {
  if (entry.bytes === undefined) return void app.route(route)
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    scope.route(route)
  })
}

/** Registers every operation of the contract, below `/v1` and `/api/v1`; other methods on these paths answer 405. */
export function registerRest(app: FastifyInstance, world: World): void {
  const answer = answering(world)
  logRequests(app, world)
  const spanning = operations.filter((one) => one.entry.path.includes('{key_path}'))
  const plain = new Map<string, Operation[]>()
  for (const one of [...operations, ...aliases])
    if (!spanning.includes(one)) plain.set(one.entry.path, [...(plain.get(one.entry.path) ?? []), one])
  for (const prefix of prefixes) {
    registerSpanning(app, world, answer, prefix, spanning)
    for (const [path, group] of plain) {
      const url = prefix + path.replaceAll(/\{(\w+)\}/g, ':$1')
      for (const operation of group)
        routed(app, operation, {
          method: operation.entry.method,
          url,
          handler: (request, reply) => answer(operation, request, reply, request.params as Record<string, string>),
        })
      const allowed = group.map((one) => one.entry.method as string)
      app.route({
        method: methods.filter((method) => !allowed.includes(method)),
        url,
        handler: (request, reply) =>
          sendRefusal(world, request, reply.header('allow', allowed.join(', ')), new Refusal('METHOD_NOT_ALLOWED')),
      })
    }
  }
}
