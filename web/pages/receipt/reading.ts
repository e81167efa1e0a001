import { type Answers, client } from '../../api.ts'
import { useLook } from '../../parts/look.ts'

export type Receipt = Answers['secrets']['receipt']

export const isOpen = ({ state }: Receipt): boolean => state === 'new' || state === 'viewed'

/** Ms between looks while it can be read. */
const pace = 8000

/** When the secret's time is up, in ms. */
export const endOf = ({ created, ttl }: Receipt): number => (created + ttl) * 1000

/** What became of the secret. Looking changes nothing, and stops when it has ended. */
export const useReceipt = (metadataKey: string) =>
  useLook<Receipt>({
    ask: (signal) => client.secrets.receipt.query({ metadata_key: metadataKey }, { signal }),
    every: (receipt) => (isOpen(receipt) ? pace : false),
    endOf,
  })
