import { errors } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import type { Document } from '../document/shapes.ts'
import { type Html, html } from '../html.ts'
import { page, paths } from './layout.ts'
import { codesIn, type Placed, placedIn } from './operation.ts'
import { prose } from './prose.ts'

const links = (placed: Placed[]): Html =>
  html`<ul class="operations">${placed.map(
    ({
      method,
      path,
      operation,
    }) => html`<li><a href="${paths.operation(operation.operationId)}">${operation.summary}</a><br>
<code>${method.toUpperCase()} ${path}</code></li>
`,
  )}</ul>`

/** What there is, by tag, and what holds for all of it. */
export function indexPage(document: Document): string {
  const placed = placedIn(document)
  const [first, ...rest] = prose(document.info.description)
  return page(
    'API reference',
    html`<h1>API reference</h1>
${first}
${document.tags.map(
  ({ name, description }) => html`<h2>${name}</h2><p>${description}</p>
${links(placed.filter(({ operation }) => operation.tags.includes(name)))}`,
)}
${rest}`,
  )
}

/** Every code of the catalogue with its status, its sentence and the operations that answer it. */
export function errorsPage(document: Document): string {
  const answering = (code: string) =>
    placedIn(document).filter(({ operation }) => codesIn(document, operation).some(([, codes]) => codes.includes(code)))
  return page(
    'Errors',
    html`<h1>Errors</h1>
<p>Every refusal has the same shape. <code>code</code> is for programs and does not change; the sentence may be more exact than here.</p>
<dl>${Object.entries(errors).map(([code, { status, sentence, trpc }]) => {
      const those = answering(code)
      return html`<div id="${code}"><dt><code>${code}</code> <span>${status}, over tRPC ${trpc}</span></dt>
<dd><p>${sentence}</p>
<p class="quiet">${those.length === 0 ? 'Answered before any operation is found.' : undefined}${those.map(
        ({ operation: { operationId } }, index) =>
          html`${index === 0 ? '' : ', '}<a href="${paths.operation(operationId)}">${operationId}</a>`,
      )}</p></dd></div>
`
    })}</dl>`,
  )
}

const counters = { key: 'API key', network: 'network address (IPv6: /64)', person: 'person' }

/** Classes that an operation is not in by its own rate class, and who is counted there. */
const besides: Partial<Record<string, { who: string; note: string }>> = {
  'dashboard read': { who: counters.person, note: 'What signed-in people read, whatever the operation.' },
  'dashboard write': { who: counters.person, note: 'What signed-in people change, whatever the operation.' },
  'agent minute': {
    who: 'agent, with all its live keys',
    note: 'Counts instead of an operation’s own class, together with agent hour. Test keys count against nothing.',
  },
  'agent hour': {
    who: 'agent, with all its live keys',
    note: 'As agent minute. What that refuses is not counted here.',
  },
}

/** Every rate class as this instance counts it, and the operations that it counts. */
export function limitsPage(
  document: Document,
  overrides: Partial<Record<string, { max: number; seconds: number }>>,
): string {
  return page(
    'Limits',
    html`<h1>Limits</h1>
<p>A reply that is counted says what is left in <code>X-RateLimit-Limit</code>, <code>X-RateLimit-Remaining</code> and <code>X-RateLimit-Reset</code>. Beyond the limit: <a href="${paths.code('RATE_LIMITED')}">429</a> with <code>Retry-After</code>. A request body may have 64 KiB, a stored value 32 KiB.</p>
${Object.entries(limits).map(([name, { by, exact, ...usual }]) => {
  const { max, seconds } = overrides[name] ?? usual
  const { who = counters[by], note = 'Counted on pages, or within operations of other classes.' } = besides[name] ?? {}
  const scope = exact ? 'over all processes' : 'in each process'
  const counted = placedIn(document).filter(({ operation }) => operation['x-rate-class'] === name)
  return html`<h2>${name}</h2><p>${max} requests in ${seconds} seconds, by ${who}, counted ${scope}.</p>
${counted.length > 0 ? links(counted) : html`<p class="quiet">${note}</p>`}`
})}`,
  )
}
