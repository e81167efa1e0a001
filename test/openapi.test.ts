import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, describe, expect, test } from 'vitest'
import { placedIn } from '../server/http/docs/operation.ts'
import { codesOf } from '../server/http/document/refusals.ts'
import type { Document, Media } from '../server/http/document/shapes.ts'
import { openapiText } from '../server/http/openapi.ts'
import { operations } from '../server/http/operations.ts'
import { packageRoot } from '../server/lib/root.ts'
import { errors } from '../shared/errors.ts'

const run = promisify(execFile)
const file = join(packageRoot, 'openapi.json')
const document = JSON.parse(readFileSync(file, 'utf8')) as Document // compared with what makes it, below
const placed = placedIn(document)

const scratch = mkdtempSync(join(tmpdir(), 'countersign-openapi-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** The document as its readers resolve it: one schema of the bundle by its place, with everything it refers to. */
function validator(document: Document) {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(document, 'openapi.json')
  const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
  return (place: string[], value: unknown): string[] => {
    const validate = ajv.getSchema(`openapi.json#/${place.map(escaped).join('/')}`)
    if (!validate) return [`There is no schema at ${place.join(' ')}.`]
    return validate(value) ? [] : [`${place.join(' ')}: ${ajv.errorsText(validate.errors)}`]
  }
}

/** Every example of a document that its own schema refuses. */
function faultyExamples(document: Document): string[] {
  const faults = validator(document)
  const ofMedia = (place: string[], content: Record<string, Media> = {}) =>
    Object.entries(content).flatMap(([type, media]) => {
      const examples = [
        ...(media.example === undefined ? [] : [media.example]),
        ...Object.values(media.examples ?? {}).map(({ value }) => value),
      ]
      return examples.flatMap((value) => faults([...place, 'content', type, 'schema'], value))
    })
  return [
    ...placedIn(document).flatMap(({ path, method, operation }) => {
      const place = ['paths', path, method]
      return [
        ...operation.parameters.flatMap(({ example }, index) =>
          example === undefined ? [] : faults([...place, 'parameters', String(index), 'schema'], example),
        ),
        ...ofMedia([...place, 'requestBody'], operation.requestBody?.content),
        ...Object.entries(operation.responses).flatMap(([status, answer]) =>
          '$ref' in answer ? [] : ofMedia([...place, 'responses', status], answer.content),
        ),
      ]
    }),
    ...Object.entries(document.components.responses).flatMap(([name, answer]) =>
      ofMedia(['components', 'responses', name], answer.content),
    ),
  ]
}

type Linter = { args: (path: string) => string[]; problems: (said: string) => unknown[] }

/** Both say what they find as JSON, warnings and hints included. */
const linters: Record<string, Linter> = {
  redocly: {
    args: (path) => ['lint', path, '--config', join(packageRoot, '.redocly.yaml'), '--format', 'json'],
    problems: (said) => (JSON.parse(said) as { problems: unknown[] }).problems,
  },
  spectral: {
    args: (path) => ['lint', path, '--ruleset', join(packageRoot, '.spectral.yaml'), '--format', 'json', '--quiet'],
    problems: (said) => JSON.parse(said) as unknown[],
  },
}

/** Everything a linter finds in a file. */
async function lint(name: string, path: string): Promise<unknown[]> {
  const linter = linters[name]
  if (!linter) throw new Error(`There is no linter ${name}.`)
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const command = join(packageRoot, 'node_modules', '.bin', name)
  // A linter that finds something ends with a code, and has said what it found all the same.
  const { stdout } = await run(command, linter.args(path), { env }).catch((error: { stdout: string }) => error)
  return linter.problems(stdout)
}

test('the committed openapi.json is what the contract says; `npm run openapi` writes it', () => {
  expect(readFileSync(file, 'utf8') === `${openapiText()}\n`).toBe(true)
})

test('every operation of the contract stands in the document under its own name, and nothing else does', () => {
  expect(placed.map(({ operation }) => operation.operationId)).toEqual(operations.map(({ name }) => name))
})

describe.each(operations)('$name', ({ name, entry }) => {
  const operation = placed.find((one) => one.operation.operationId === name)?.operation

  test('is told with a summary, a description, an example and a tag that is described', () => {
    expect(operation?.summary).toMatch(/\w/)
    expect(operation?.description).toMatch(/\w/)
    expect(document.tags.map((tag) => tag.name)).toContain(operation?.tags[0])
    const media = Object.values(operation?.responses ?? {}).flatMap((one) =>
      '$ref' in one ? [] : Object.values(one.content ?? {}),
    )
    const shown = [...media, ...(operation?.parameters ?? [])].filter((one) => 'example' in one || 'examples' in one)
    expect(shown.length).toBeGreaterThan(0)
  })

  test('lists the status of every code it can answer', () => {
    for (const code of codesOf(entry))
      expect(Object.keys(operation?.responses ?? {})).toContain(String(errors[code].status))
  })

  test('takes no field from two places', () => {
    const fields = Object.values(entry.headers ?? {})
    for (const { name, in: where } of operation?.parameters ?? [])
      if (where === 'query') expect(fields).not.toContain(name)
    const media = operation?.requestBody?.content['application/json']
    const inPath = [...entry.path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field)
    for (const field of Object.keys(media?.schema.properties ?? {})) expect([...fields, ...inPath]).not.toContain(field)
  })

  test('asks for a key by either scheme, or says that it asks for none', () => {
    expect(operation?.security).toEqual(entry.access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }])
  })
})

test('every example is valid by its own schema', () => {
  expect(faultyExamples(document)).toEqual([])
})

test('an example that is not valid by its schema is found', () => {
  const broken = structuredClone(document)
  const media = broken.paths['/approvals']?.post?.requestBody?.content['application/json']
  if (media) media.example = { key_path: 'deploy/prod', ttl_seconds: 9 }
  expect(faultyExamples(broken)).toHaveLength(1)
})

describe.each(Object.keys(linters))('%s', (linter) => {
  test('finds nothing, not even a warning', async () => {
    expect(await lint(linter, file)).toEqual([])
  })

  test('finds what is wrong with a broken document', async () => {
    const broken = structuredClone(document)
    for (const operation of Object.values(broken.paths['/keys'] ?? {})) {
      operation.operationId = 'values.get'
      operation.security = [{ nobody: [] }]
      operation.responses = {}
    }
    const path = join(scratch, `${linter}.json`)
    writeFileSync(path, JSON.stringify(broken))
    expect((await lint(linter, path)).length).toBeGreaterThan(2)
  })
})
