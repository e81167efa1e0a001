import { type Answers, client } from '../../api.ts'
import { useLook } from '../../parts/look.ts'

export type Opened = Answers['secrets']['open']

/** Ms between looks, where there is something to come. */
const pace: Partial<Record<Opened['status'], number>> = { asked: 4000, waiting: 30_000 }

/** Where the secret stands. Looking changes nothing, however often. */
export const useReading = (secretKey: string, live: boolean) =>
  useLook<Opened>({
    ask: (signal) => client.secrets.open.query({ secret_key: secretKey }, { signal }),
    every: ({ status }) => pace[status] ?? false,
    endOf: ({ expires_at }) => Date.parse(expires_at),
    live,
  })
