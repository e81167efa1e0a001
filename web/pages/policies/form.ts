import type { Api } from '../../call.ts'
import { type Effect, type Matcher, needOf, type Operator, type Policy } from './words.ts'

/** How what is typed for a value is read: as text, number, true or false, or whatever else JSON has. */
export type Kind = 'text' | 'number' | 'boolean' | 'json'

/** One condition as its row holds it; lists are typed one entry per line. */
export type Condition = {
  /** Of the row, in this form. */
  key: number
  field: 'action' | 'resource' | 'scope'
  /** Within the scope, dotted. */
  path: string
  op: Operator
  kind: Kind
  text: string
}

/** A policy as its form holds it. */
export type PolicyForm = {
  name: string
  description: string
  /** Empty: any. */
  agent: string
  conditions: readonly Condition[]
  effect: Effect
  /** JSON; empty: none. */
  template: string
  reason: string
  enabled: boolean
}

let lastKey = 0

export const newCondition = (words: Partial<Condition> = {}): Condition => {
  lastKey += 1
  return { key: lastKey, field: 'scope', path: '', op: 'equals', kind: 'text', text: '', ...words }
}

export const newForm = (agent = ''): PolicyForm => ({
  name: '',
  description: '',
  agent,
  conditions: [newCondition({ field: 'action' })],
  effect: 'auto_approve',
  template: '',
  reason: '',
  enabled: true,
})

const kindOf = (value: unknown): Kind =>
  typeof value === 'string'
    ? 'text'
    : typeof value === 'number'
      ? 'number'
      : typeof value === 'boolean'
        ? 'boolean'
        : 'json'

/** The row of a matcher that is there. What one kind cannot hold, as a list of text and numbers, stands as JSON. */
function conditionOf({ field, op, value }: Matcher): Condition {
  const where: Partial<Condition> =
    field === 'action' || field === 'resource' ? { field } : { path: field.slice('scope.'.length) }
  if (needOf[op] === 'nothing' || value === undefined) return newCondition({ ...where, op })
  if (needOf[op] !== 'list') {
    const kind = kindOf(value)
    return newCondition({ ...where, op, kind, text: kind === 'json' ? JSON.stringify(value) : String(value) })
  }
  const items: unknown[] = Array.isArray(value) ? value : [value]
  const [kind = 'json'] = [...new Set(items.map(kindOf))]
  const lines = items.every((one) => kindOf(one) === kind && one !== '' && !/[\n\r]/.test(String(one)))
  return (kind === 'text' || kind === 'number') && Array.isArray(value) && lines
    ? newCondition({ ...where, op, kind, text: items.join('\n') })
    : newCondition({ ...where, op, kind: 'json', text: JSON.stringify(value) })
}

/** The form of a policy that is there. */
export const formOf = (policy: Policy): PolicyForm => ({
  name: policy.name,
  description: policy.description,
  agent: policy.agent_id ?? '',
  // Of one that was changed by hand nothing may be readable; a policy has at least one condition all the same.
  conditions: policy.matchers.length > 0 ? policy.matchers.map(conditionOf) : [newCondition({ field: 'action' })],
  effect: policy.effect,
  template: policy.scope_template ? JSON.stringify(policy.scope_template, null, 2) : '',
  reason: policy.reason,
  enabled: policy.enabled,
})

export type Draft = Parameters<Api['policies']['create']['mutate']>[0]

/** What cannot be read of a form, by the same paths as the server's issues. */
export type Unread = Readonly<Record<string, string>>

/** Which kinds an operator's value can be of, the usual one first. */
export const kindsFor = ({ op, field }: Pick<Condition, 'op' | 'field'>): readonly Kind[] => {
  const need = needOf[op]
  if (need === 'nothing') return []
  if (need === 'text' || need === 'number') return [need]
  if (field !== 'scope') return ['text']
  return need === 'list' ? ['text', 'number', 'json'] : ['text', 'number', 'boolean', 'json']
}

/** The kind that a condition's value is read as: the chosen one, where the operator takes it. */
export const kindIn = (condition: Condition): Kind => {
  const kinds = kindsFor(condition)
  return kinds.find((kind) => kind === condition.kind) ?? kinds[0] ?? 'text'
}

type Read = { value: unknown } | { fault: string }

function readOne(kind: Kind, text: string): Read {
  if (kind === 'text') return text === '' ? { fault: 'What it is compared with is missing.' } : { value: text }
  if (kind === 'boolean') return { value: text !== 'false' }
  if (kind === 'number') {
    const number = text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(number) ? { value: number } : { fault: 'A number is needed, as 50 or 0.5.' }
  }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { fault: 'This is no JSON.' }
  }
}

/** What a condition compares with. */
function valueIn(condition: Condition): Read {
  const kind = kindIn(condition)
  if (needOf[condition.op] !== 'list' || kind === 'json') return readOne(kind, condition.text)
  const lines = condition.text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return { fault: 'One entry per line is needed.' }
  const read = lines.map((line) => readOne(kind, kind === 'text' ? line.trim() : line))
  const wrong = read.findIndex((one) => 'fault' in one)
  if (wrong >= 0) return { fault: `Line ${wrong + 1} is no number.` }
  return { value: read.flatMap((one) => ('value' in one ? [one.value] : [])) }
}

function matcherIn(condition: Condition, at: string, unread: Record<string, string>): Matcher {
  const field = condition.field === 'scope' ? `scope.${condition.path.trim()}` : condition.field
  if (condition.field === 'scope' && condition.path.trim() === '')
    unread[`${at}.field`] = 'Say where in the scope it stands, as amount or limits.daily.'
  if (needOf[condition.op] === 'nothing') return { field, op: condition.op }
  const read = valueIn(condition)
  if ('fault' in read) unread[`${at}.value`] = read.fault
  return { field, op: condition.op, value: 'value' in read ? read.value : null }
}

/** What is sent for a form, and what of it cannot be read. */
export function draftIn(form: PolicyForm): { draft: Draft; unread: Unread } {
  const unread: Record<string, string> = {}
  const template =
    form.effect === 'auto_approve' && form.template.trim() !== '' ? readOne('json', form.template) : undefined
  const laid: unknown = template && 'value' in template ? template.value : null
  if (template && (laid === null || typeof laid !== 'object' || Array.isArray(laid)))
    unread.scope_template = 'A JSON object is needed, as {"max": 1}.'
  return {
    unread,
    draft: {
      name: form.name.trim(),
      description: form.description,
      agent_id: form.agent === '' ? null : form.agent,
      matchers: form.conditions.map((condition, at) => matcherIn(condition, `matchers.${at}`, unread)),
      effect: form.effect,
      // Anything but an object was just refused.
      scope_template: unread.scope_template === undefined ? (laid as Draft['scope_template']) : null,
      reason: form.effect === 'deny' ? form.reason : '',
      enabled: form.enabled,
    },
  }
}
