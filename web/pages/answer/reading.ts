import { type Answers, client } from '../../api.ts'
import { useLook } from '../../parts/look.ts'

export type Ask = Answers['asks']['open']

/** Ms between looks while an answer is wanted. */
const pace = 20_000

/** What is asked for. Looking changes nothing. */
export const useAsk = (token: string, live: boolean) =>
  useLook<Ask>({
    ask: (signal) => client.asks.open.query({ token }, { signal }),
    every: ({ status }) => (status === 'open' ? pace : false),
    endOf: ({ expires_at }) => Date.parse(expires_at),
    live,
  })
