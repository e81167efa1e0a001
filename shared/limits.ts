/**
 * Seed 0's rate classes as data. `by` is who is counted: a network address (IPv6 by /64), an API key, or a person; a
 * person's requests always count in the dashboard's classes, whatever the entry says.
 * `exact` classes are counted in rows and hold over all processes; the others are counted per process.
 */
export const limits = {
  'public demo': { max: 10, seconds: 60, by: 'network', exact: true },
  'approval read': { max: 60, seconds: 60, by: 'network', exact: true },
  'approval action': { max: 30, seconds: 60, by: 'network', exact: true },
  'sign in': { max: 20, seconds: 60, by: 'network', exact: true },
  // Of one account from one network: guesses from elsewhere lock nobody out.
  'password try': { max: 10, seconds: 900, by: 'network', exact: true },
  'dashboard read': { max: 300, seconds: 60, by: 'person', exact: false },
  'dashboard write': { max: 60, seconds: 60, by: 'person', exact: false },
  'key read': { max: 600, seconds: 60, by: 'key', exact: false },
  'key write': { max: 120, seconds: 60, by: 'key', exact: false },
  'approval create': { max: 60, seconds: 60, by: 'key', exact: true },
  // Making and revealing one-time secrets; of guests and link holders by network.
  secret: { max: 60, seconds: 60, by: 'key', exact: true },
  // Guesses at a secret's passphrase: of one secret from one network, and from everywhere.
  'passphrase try': { max: 5, seconds: 600, by: 'network', exact: true },
  'passphrase tries': { max: 20, seconds: 600, by: 'network', exact: true },
  // Seed 2's pair, for the keys of agents, whatever they ask; `RATE_LIMIT_PER_MIN` and `RATE_LIMIT_PER_HOUR` replace it.
  'agent minute': { max: 60, seconds: 60, by: 'key', exact: false },
  'agent hour': { max: 1000, seconds: 3600, by: 'key', exact: false },
  accounts: { max: 300, seconds: 60, by: 'key', exact: false },
  'everything else': { max: 300, seconds: 60, by: 'key', exact: false },
} as const satisfies Record<string, Limit>

export type Limit = { max: number; seconds: number; by: 'network' | 'key' | 'person'; exact: boolean }

export type LimitClass = keyof typeof limits
