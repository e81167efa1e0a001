import { z } from 'zod'

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'a URL',
  datetime: 'a time as 2025-01-01T12:30:00Z',
  date: 'a date as 2025-01-31',
  base64: 'base64',
  base64url: 'base64url',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 network',
  cidrv6: 'an IPv6 network',
}

const units: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  record: ['entry', 'entries'],
}

/** `at least 3 characters` to have, or `at least 3` to be. */
function bounded(origin: string, bound: string, count: number | bigint): string {
  const [one, more] = units[origin] ?? []
  return one ? `Must have ${bound} ${count} ${Number(count) === 1 ? one : more}.` : `Must be ${bound} ${count}.`
}

/** What is wrong with a field, as a person reads it beside the field; what was sent is never repeated. */
function sentenceOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'Is missing.' : `Must be ${kinds[issue.expected] ?? issue.expected}.`
    case 'too_small':
      if (issue.exact) return bounded(issue.origin, 'exactly', issue.minimum)
      if (issue.minimum === 1 && issue.origin in units) return 'Must not be empty.'
      return bounded(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)
    case 'too_big':
      if (issue.exact) return bounded(issue.origin, 'exactly', issue.maximum)
      return bounded(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)
    case 'invalid_value':
      return `Must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}.`
    case 'invalid_format':
      return formats[issue.format] ? `Must be ${formats[issue.format]}.` : 'Is not written as it must be.'
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}.`
    case 'unrecognized_keys':
      return 'Has an unknown field.'
    default:
      return 'Is none of what is taken here.'
  }
}

// Whatever reads input says it like this, unless its schema has words of its own.
z.config({ localeError: sentenceOf })
