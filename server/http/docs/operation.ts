import { errors } from '../../../shared/errors.ts'
import type { Answer, Document, DocumentedOperation, Media, Parameter } from '../document/shapes.ts'
import { type Html, html } from '../html.ts'
import { curlOf } from './curl.ts'
import { field, fieldsWithin, type Named } from './fields.ts'
import { page, paths } from './layout.ts'
import { inline, prose } from './prose.ts'

/** An operation with where it stands in the document. */
export type Placed = { method: string; path: string; operation: DocumentedOperation }

/** Every operation of the document, in its order. */
export const placedIn = (document: Document): Placed[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )

/** Every code an operation can answer, as the document's examples name them. */
export const codesIn = (document: Document, { responses }: DocumentedOperation): [string, string[]][] =>
  Object.entries(responses)
    .map(([status, answer]): [string, string[]] => {
      const known = '$ref' in answer ? document.components.responses[answer.$ref.split('/').at(-1) ?? ''] : answer
      return [status, Object.keys(known?.content?.['application/json']?.examples ?? {})]
    })
    .filter(([status]) => Number(status) >= 400)

const places = { path: 'In the path', query: 'In the query', header: 'In headers', cookie: 'In cookies' } as const

function parameterLists(parameters: Parameter[], named: Named): Html[] {
  return Object.entries(places).flatMap(([where, title]) => {
    const those = parameters.filter((one) => one.in === where)
    const rows = those.map(({ name, required, description, schema }) =>
      field(name, required ? '' : 'optional', description === undefined ? schema : { ...schema, description }, named),
    )
    return rows.length === 0 ? [] : [html`<h3>${title}</h3><dl>${rows}</dl>`]
  })
}

const written = (value: unknown) => html`<pre>${JSON.stringify(value, null, 2)}</pre>`

function bodyOf(content: Record<string, Media>, named: Named): Html {
  const [[type, media] = []] = Object.entries(content)
  const rows = media ? fieldsWithin(media.schema, named) : []
  const examples = media?.examples ?? (media?.example === undefined ? {} : { example: { value: media.example } })
  const others = Object.keys(content).filter((one) => one !== type)
  return html`<p>As <code>${type}</code>${others.map((one) => html`, <code>${one}</code>`)}.</p>
${rows.length > 0 ? html`<dl>${rows}</dl>` : undefined}
${Object.values(examples).map(({ summary, value }) => html`<p class="quiet">${inline(summary ?? 'Example')}:</p>${written(value)}`)}`
}

function successes(responses: DocumentedOperation['responses'], named: Named): Html[] {
  const seen = new Set<string>()
  return Object.entries(responses).flatMap(([status, answer]) => {
    if ('$ref' in answer || Number(status) >= 400) return []
    const { description, content, headers = {} } = answer as Answer // what is no reference is an answer
    const shape = JSON.stringify(content)
    const again = content !== undefined && seen.has(shape)
    seen.add(shape)
    return html`<h3>${status}</h3><p>${inline(description)}${again ? ' The body is as above.' : ''}</p>
<p class="quiet">Headers: ${Object.keys(headers).join(', ')}.</p>
${content && !again ? bodyOf(content, named) : undefined}`
  })
}

function refusals(document: Document, operation: DocumentedOperation): Html[] {
  const sentences: Record<string, { sentence: string }> = errors
  return codesIn(document, operation).flatMap(([status, codes]) =>
    codes.map(
      (code) => html`<div><dt><a href="${paths.code(code)}"><code>${code}</code></a> <span>${status}</span></dt>
<dd>${sentences[code]?.sentence ?? ''}</dd></div>
`,
    ),
  )
}

/** Everything about one operation on one page. */
export function operationPage(document: Document, { method, path, operation }: Placed): string {
  const { schemas } = document.components
  const base = document.servers[0]?.url ?? ''
  const { requestBody, parameters } = operation
  return page(
    operation.summary,
    html`<p class="quiet">${operation.tags.join(', ')}</p>
<h1>${operation.summary}</h1>
<p><code>${method.toUpperCase()} ${new URL(base).pathname}${path}</code></p>
${prose(operation.description)}
<p><a href="${paths.limits}">Rate classes</a>. Operation id: <code>${operation.operationId}</code>.</p>
<h2>With curl</h2>
<pre class="curl">${curlOf(base, method, path, operation)}</pre>
${parameters.length > 0 ? html`<h2>Parameters</h2>${parameterLists(parameters, schemas)}` : undefined}
${requestBody ? html`<h2>Request body</h2><p>${inline(requestBody.description ?? '')}</p>${bodyOf(requestBody.content, schemas)}` : undefined}
<h2>Replies</h2>
${successes(operation.responses, schemas)}
<h2>Refusals</h2>
<dl>${refusals(document, operation)}</dl>`,
  )
}
