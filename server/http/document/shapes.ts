import { bytesType } from '../bytes.ts'

/** A JSON Schema as the document uses it (OpenAPI 3.1: dialect 2020-12). */
export type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  format?: string
  contentMediaType?: string
  pattern?: string
  enum?: readonly unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  examples?: unknown[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  propertyNames?: Schema
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  allOf?: Schema[]
}

/** One of several types. JSON Schema has a list for it; generators know at most one type beside null. */
export const oneOfTypes = (...types: string[]): Schema => ({ anyOf: types.map((type) => ({ type })) })

/** Bytes as they are (OpenAPI 3.1, *Considerations for File Uploads*). */
export const bytesSchema: Schema = { contentMediaType: bytesType }

export type Examples = Record<string, { summary?: string; value: unknown }>

export type Media = {
  schema: Schema
  example?: unknown
  examples?: Examples
  encoding?: Record<string, { contentType: string }>
}

export type Header = { $ref: string } | { description: string; schema: Schema; example?: unknown }

export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  description?: string
  schema: Schema
  example?: unknown
  /** Its name for generators of Go, where two of one operation would get the same. */
  'x-go-name'?: string
}

export type Answer = { description: string; headers?: Record<string, Header>; content?: Record<string, Media> }

export type DocumentedOperation = {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; description?: string; content: Record<string, Media> }
  responses: Record<string, Answer | { $ref: string }>
  /** `public`, or the scope that the key must hold. */
  'x-access': string
  /** The class of `shared/limits.ts` that counts it. */
  'x-rate-class': string
}

export type Document = {
  openapi: string
  info: Record<string, unknown> & { title: string; version: string; description: string }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, DocumentedOperation>>
  components: {
    securitySchemes: Record<string, Record<string, unknown>>
    headers: Record<string, Header>
    responses: Record<string, Answer>
    schemas: Record<string, Schema>
  }
}
