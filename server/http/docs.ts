import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { gunzipSync, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Refusal } from '../../shared/errors.ts'
import { perWorld, type World } from '../world.ts'
import { policy } from './docs/layout.ts'
import { operationPage, placedIn } from './docs/operation.ts'
import { errorsPage, indexPage, limitsPage } from './docs/overview.ts'
import { referencePage, referencePolicy } from './docs/reference.ts'
import { sendRefusal } from './replies.ts'

/** The document as this instance serves it. Its generator is loaded when somebody asks, so that starting stays quick. */
const documentOf = perWorld(async ({ config }) => (await import('./openapi.ts')).openapiDocument(config.publicUrl))

/** How the reference's validator asks whether it may compile itself. On its page it may not, and asking is a violation. */
const question = 'return new Function(""),!0'

/** The reference's program, packed; its address changes with its bytes, so browsers may keep it for good. */
const programOf = perWorld(async () => {
  const path = createRequire(import.meta.url).resolve('@scalar/api-reference/browser/standalone.js')
  const text = (await readFile(path, 'utf8')).replace(question, 'return!1')
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { url: `/docs/reference-${digest}.js`, packed: await promisify(gzip)(text) }
})

const sendPage = (reply: FastifyReply, contentPolicy: string, text: string) =>
  reply.header('content-security-policy', contentPolicy).type('text/html; charset=utf-8').send(text)

/** `/openapi.json`, the reference at `/docs`, and the same in plain pages that need no script at `/docs/plain`. */
export function registerDocs(app: FastifyInstance, world: World): void {
  app.get('/openapi.json', async (_request, reply) => {
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(await documentOf(world)))
  })

  app.get('/docs', async (_request, reply) =>
    sendPage(reply, referencePolicy, referencePage((await programOf(world)).url)),
  )

  app.get<{ Params: { digest: string } }>('/docs/reference-:digest.js', async (request, reply) => {
    const { url, packed } = await programOf(world)
    if (request.url !== url) return sendRefusal(world, request, reply, new Refusal('NOT_FOUND'))
    const gzipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    if (gzipped) reply.header('content-encoding', 'gzip')
    return reply
      .headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' })
      .type('text/javascript; charset=utf-8')
      .send(gzipped ? packed : gunzipSync(packed))
  })

  app.get('/docs/plain', async (_request, reply) => sendPage(reply, policy, indexPage(await documentOf(world))))
  app.get('/docs/plain/errors', async (_request, reply) => sendPage(reply, policy, errorsPage(await documentOf(world))))
  app.get('/docs/plain/limits', async (_request, reply) =>
    sendPage(reply, policy, limitsPage(await documentOf(world), world.config.rateLimits)),
  )
  app.get<{ Params: { name: string } }>('/docs/plain/:name', async (request, reply) => {
    const document = await documentOf(world)
    const placed = placedIn(document).find(({ operation }) => operation.operationId === request.params.name)
    if (!placed) return sendRefusal(world, request, reply, new Refusal('NOT_FOUND'))
    return sendPage(reply, policy, operationPage(document, placed))
  })
}
