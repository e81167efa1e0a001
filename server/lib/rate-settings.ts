import { z } from 'zod'
import { type LimitClass, limits } from '../../shared/limits.ts'
import { count } from './settings.ts'

/** What replaces the numbers of rate classes (`RATE_LIMITS`); races and the bench raise them. */
export type RateOverrides = Partial<Record<LimitClass, { max: number; seconds: number }>>

const classes = Object.keys(limits) as LimitClass[] // the keys of a literal object are exactly its type's keys

const rateFault = `must be class=max/seconds split by commas; the classes are ${classes.join(', ')}, and * for all of them.`
const rateLimits = z.string().transform((value, ctx): RateOverrides => {
  const overrides: RateOverrides = {}
  for (const entry of value.split(',')) {
    const [, name = '', max, seconds] = /^\s*([a-z* ]+?)\s*=\s*([1-9]\d{0,8})\/([1-9]\d{0,4})\s*$/.exec(entry) ?? []
    const named = name === '*' ? classes : classes.filter((known) => known === name)
    if (named.length === 0) ctx.addIssue({ code: 'custom', message: rateFault })
    for (const known of named) overrides[known] = { max: Number(max), seconds: Number(seconds) }
  }
  return overrides
})

/** The variables that change rate limits. */
export const rateVariables = {
  RATE_LIMIT_PER_MIN: count.optional().meta({
    description: 'Requests that an agent may make in a minute, with all its live keys together.',
    otherwise: String(limits['agent minute'].max),
  }),
  RATE_LIMIT_PER_HOUR: count.optional().meta({
    description: 'The same in an hour.',
    otherwise: String(limits['agent hour'].max),
  }),
  RATE_LIMITS: rateLimits.optional().meta({
    description: `Replaces rate limits: \`class=max/seconds,…\`, \`*\` for all. Classes: ${classes.join(', ')}.`,
    otherwise: 'the documented limits',
  }),
}

/** What `RATE_LIMITS` says, and above it seed 2's own two variables. */
export const ratesOf = (env: z.output<z.ZodObject<typeof rateVariables>>): RateOverrides => ({
  ...env.RATE_LIMITS,
  ...(env.RATE_LIMIT_PER_MIN === undefined ? {} : { 'agent minute': { max: env.RATE_LIMIT_PER_MIN, seconds: 60 } }),
  ...(env.RATE_LIMIT_PER_HOUR === undefined ? {} : { 'agent hour': { max: env.RATE_LIMIT_PER_HOUR, seconds: 3600 } }),
})
