import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../shared/errors.ts'
import { coalesce } from '../lib/coalesce.ts'
import { publicKeys } from '../receipts/keys.ts'
import { refusalOf } from '../rpc/fault.ts'
import type { World } from '../world.ts'
import { sendRefusal } from './replies.ts'

const url = '/.well-known/jwks.json'

/** As long as a proxy may keep it. A new key signs at once: who meets a kid that they do not know asks again past the proxy. */
const headers = { 'cache-control': 'public, max-age=300', 'content-type': 'application/json; charset=utf-8' }

/** The public keys that receipts are checked with (RFC 7517), those from before included. Many who ask at once are one look. */
export function registerJwks(app: FastifyInstance, world: World): void {
  const read = coalesce(async (asked: undefined[]) => {
    const text = JSON.stringify({ keys: await publicKeys(world) })
    return asked.map(() => text)
  })
  app.get(url, async (request, reply) => {
    try {
      const text = await read(undefined)
      return reply.headers(headers).send(text)
    } catch (thrown) {
      return sendRefusal(world, request, reply, refusalOf(thrown))
    }
  })
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url,
    handler: (request, reply) =>
      sendRefusal(world, request, reply.header('allow', 'GET, HEAD'), new Refusal('METHOD_NOT_ALLOWED')),
  })
}
