import type { Schema } from '../document/shapes.ts'
import { type Html, html } from '../html.ts'
import { inline } from './prose.ts'

/** Finds what a `$ref` names. */
export type Named = Readonly<Record<string, Schema>>

const nameIn = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1)

/** A schema with its reference followed; what stands beside the reference wins. */
function followed(schema: Schema, named: Named): Schema {
  if (schema.$ref === undefined) return schema
  const { $ref, ...beside } = schema
  return { ...named[nameIn($ref)], ...beside }
}

const isNull = (schema: Schema) => schema.type === 'null'

function typeOf(schema: Schema, named: Named): string {
  const known = followed(schema, named)
  if (known.anyOf) return [...new Set(known.anyOf.map((one) => typeOf(one, named)))].join(' or ')
  if (known.const !== undefined) return JSON.stringify(known.const)
  if (known.items) return `list of ${typeOf(known.items, named)}`
  const type = [known.type ?? 'anything'].flat().join(' or ')
  return known.format === undefined ? type : `${type} (${known.format})`
}

const count = (number: number) => number.toLocaleString('en').replaceAll(',', ' ')

function range(low: number | undefined, high: number | undefined, unit: string): string | undefined {
  if (low === undefined) return high === undefined ? undefined : `at most ${count(high)}${unit}`
  return high === undefined ? `at least ${count(low)}${unit}` : `${count(low)} to ${count(high)}${unit}`
}

/** What a value of this schema must keep to, in words. */
function limitsOf(schema: Schema): Html | undefined {
  const words = [
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
    schema.enum && `one of ${schema.enum.map((one) => `\`${String(one)}\``).join(', ')}`,
    schema.pattern && schema.format === undefined ? `matches \`${schema.pattern}\`` : undefined,
    schema.default === undefined ? undefined : `default \`${String(schema.default)}\``,
  ].filter((word) => word !== undefined)
  return words.length === 0 ? undefined : html`<p class="quiet">${inline(words.join('; '))}</p>`
}

/** One field: its name, type, whether it must be there, what it is for and what it must keep to. */
export function field(name: string, note: string, schema: Schema, named: Named): Html {
  const known = followed(schema, named)
  const [only, ...others] = (known.anyOf ?? []).filter((one) => !isNull(one))
  const limited = only && others.length === 0 ? { ...followed(only, named), ...known } : known
  const about = limited.description
  return html`<div><dt><code>${name}</code> <span>${[typeOf(schema, named), note].filter(Boolean).join(', ')}</span></dt>
<dd>${about === undefined ? undefined : html`<p>${inline(about)}</p>`}${limitsOf(limited)}</dd></div>
`
}

/** The fields within a schema, one after the other, by their dotted paths; of a list's items with `[]`. */
export function fieldsWithin(schema: Schema, named: Named, at = ''): Html[] {
  const known = followed(schema, named)
  if (known.items) return fieldsWithin(known.items, named, `${at}[]`)
  const choices = (known.anyOf ?? []).flatMap((one) => fieldsWithin(one, named, at))
  const own = Object.entries(known.properties ?? {}).flatMap(([name, one]) => {
    const path = at === '' ? name : `${at}.${name}`
    const note = known.required?.includes(name) ? '' : 'optional'
    return [field(path, note, one, named), ...fieldsWithin(one, named, path)]
  })
  return [...choices, ...own]
}
