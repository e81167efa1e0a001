import { version } from '../../package.json'
import type { Endpoint } from '../../shared/contract/endpoint.ts'
import { limits } from '../../shared/limits.ts'
import { about, securitySchemes, tags } from './document/about.ts'
import { type Generated, generated } from './document/generated.ts'
import { headers } from './document/headers.ts'
import { faultSchemas, refusalsOf, sharedRefusals } from './document/refusals.ts'
import { bodyOf, parametersOf } from './document/request.ts'
import type { Document, DocumentedOperation } from './document/shapes.ts'
import { successesOf } from './document/success.ts'
import { operations } from './operations.ts'

/** Who may call it and how often, for people; `x-access` and `x-rate-class` say the same to programs. */
function rights(entry: Endpoint): string {
  const { max, seconds, by } = limits[entry.limit]
  const who = entry.access === 'public' ? 'No key is read.' : `Needs a key with the scope \`${entry.access}\`.`
  return `${who} Rate class *${entry.limit}*: ${max} in ${seconds} s by ${by}.`
}

function documented(name: string, entry: Endpoint, made: Generated): DocumentedOperation {
  const body = bodyOf(entry, made)
  return {
    operationId: name,
    summary: entry.summary,
    description: `${entry.description}\n\n${rights(entry)}`,
    tags: [entry.tag],
    security: entry.access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }],
    parameters: parametersOf(entry, made),
    ...(body ? { requestBody: body } : {}),
    responses: { ...successesOf(entry, made.output), ...refusalsOf(entry) },
    'x-access': entry.access,
    'x-rate-class': entry.limit,
  }
}

/**
 * The service as an OpenAPI 3.1 document: what trpc-to-openapi makes of the router, and one finishing step that puts
 * in what it cannot say. With `publicUrl` the servers are absolute, as one instance serves it.
 */
export function openapiDocument(publicUrl = ''): Document {
  const { of, schemas } = generated()
  const paths: Document['paths'] = {}
  for (const { name, entry } of operations) {
    const method = entry.method.toLowerCase()
    paths[entry.path] = { ...paths[entry.path], [method]: documented(name, entry, of(entry.path, method)) }
  }
  return {
    openapi: '3.1.0',
    info: about(version),
    servers: [
      { url: `${publicUrl}/v1`, description: 'This instance.' },
      { url: `${publicUrl}/api/v1`, description: 'The same, below the prefix that some clients expect.' },
    ],
    tags,
    paths,
    components: {
      securitySchemes,
      headers,
      responses: sharedRefusals,
      schemas: { ...schemas, ...faultSchemas },
    },
  }
}

/** The document as it is written down, without an end of line: the same text for the same contract. */
export const openapiText = (publicUrl?: string): string => JSON.stringify(openapiDocument(publicUrl), null, 2)
