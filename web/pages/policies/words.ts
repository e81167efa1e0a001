import type { Answers } from '../../api.ts'

export type Policy = Answers['policies']['list']['items'][number]
export type Matcher = Policy['matchers'][number]
export type Operator = Matcher['op']
export type Effect = Policy['effect']

/** What a policy does, as a word on a mark. */
export const effectWords = {
  auto_approve: 'Allows at once',
  require_approval: 'Asks a person',
  deny: 'Denies',
} as const satisfies Record<Effect, string>

/** What becomes of a request, in a sentence. */
export const outcomeWords = {
  auto_approve: 'allowed at once',
  require_approval: 'a person is asked',
  deny: 'denied',
} as const satisfies Record<Effect, string>

/** How a field is compared, as it stands between the field and the value. */
export const operatorWords = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  prefix: 'begins with',
  suffix: 'ends with',
  contains: 'contains',
  less_than: 'less than',
  at_most: 'at most',
  greater_than: 'more than',
  at_least: 'at least',
  exists: 'is there',
  absent: 'is not there',
  matches: 'matches wholly',
} as const satisfies Record<Operator, string>

/** What an operator compares with. */
export const needOf = {
  equals: 'scalar',
  not_equals: 'scalar',
  in: 'list',
  not_in: 'list',
  prefix: 'text',
  suffix: 'text',
  contains: 'scalar',
  less_than: 'number',
  at_most: 'number',
  greater_than: 'number',
  at_least: 'number',
  exists: 'nothing',
  absent: 'nothing',
  matches: 'text',
} as const satisfies Record<Operator, 'text' | 'number' | 'scalar' | 'list' | 'nothing'>

/** Text stands plain unless it could be taken for something else; all else as JSON. */
const plain = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"[{](.*\S)?$/s.test(value) && !/^(-?\d.*|true|false|null)$/.test(value)
    ? value
    : (JSON.stringify(value) ?? '')

/** What a matcher compares with, to be read; empty for those that compare with nothing. */
export function valueWords({ op, value }: Matcher): string {
  if (needOf[op] === 'nothing') return ''
  return Array.isArray(value) ? value.map(plain).join(', ') : plain(value)
}
