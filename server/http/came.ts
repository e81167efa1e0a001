import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../context.ts'

/** How a request reached us: the origin that its client named, and whether a proxy passed it on that is not a trusted one. */
export const cameBy = (request: FastifyRequest): NonNullable<Ctx['came']> => ({
  origin: `${request.protocol}://${request.host}`,
  strangeProxy: request.headers['x-forwarded-for'] !== undefined && request.ip === request.socket.remoteAddress,
})
