import { RE2JS } from 're2js'
import { isStorable } from '../../shared/words.ts'

/** A matcher that cannot be evaluated, as a sentence. What it stands in then needs approval. */
export class BrokenRule extends Error {}

/**
 * What one request may cost in regular expressions: steps of the machine, at most its size times the length of the text. A
 * step is about a tenth of a microsecond, and whoever waits for it is everybody on this node.
 */
export type Effort = { left: number }
export const effortOfOne = (): Effort => ({ left: 500_000 })

const [longestPattern, longestText] = [500, 1000]
/** The largest machine, and the most that counted repetitions may add up to: each is a copy of what it repeats. */
const [largestMachine, mostCopies] = [400, 200]

const compiled = new Map<string, RE2JS>()

/** Refuses before it is compiled what would take long to compile: RE2 unrolls `{n}`, and groups within groups multiply. */
function mustBeSmall(pattern: string): void {
  if (/\)\{\d/.test(pattern)) throw new BrokenRule('A group is repeated by *, + or ?; {n} is for single characters.')
  if (pattern.includes('\\Q')) throw new BrokenRule('Quoting by \\Q is not supported; put \\ before each character.')
  const counts = [...pattern.matchAll(/\{(\d+),?(\d*)\}/g)].map(([, least, most]) => Number(most || least))
  if (counts.reduce((sum, count) => sum + count, 0) > mostCopies)
    throw new BrokenRule(`Counted repetitions may add up to ${mostCopies} at most.`)
}

/** Compiles a pattern, or finds it compiled. @throws {BrokenRule} */
function expressionOf(pattern: unknown): RE2JS {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > longestPattern || !isStorable(pattern))
    throw new BrokenRule(`A regular expression is text of 1 to ${longestPattern} characters.`)
  const known = compiled.get(pattern)
  if (known) return known
  mustBeSmall(pattern)
  const made = compile(pattern)
  if (made.programSize() > largestMachine) throw new BrokenRule('This regular expression is too large.')
  if (compiled.size >= 1000) compiled.clear()
  compiled.set(pattern, made)
  return made
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch {
    throw new BrokenRule('This is no regular expression in RE2 syntax; look-ahead and back-references are not in it.')
  }
}

/**
 * Holds whole texts against a pattern in linear time (RE2). Undefined of a text that is too long to tell.
 * @throws {BrokenRule} at once when the pattern is none, later when the effort is spent
 */
export function matching(pattern: unknown): (found: string, effort: Effort) => boolean | undefined {
  const expression = expressionOf(pattern)
  return (found, effort) => {
    if (found.length > longestText) return undefined
    effort.left -= expression.programSize() * Math.max(found.length, 20)
    if (effort.left < 0) throw new BrokenRule('The regular expressions of the policies are too much work together.')
    return expression.matches(found)
  }
}
