import { type EventName, events } from '../../shared/events.ts'
import { perWorld } from '../world.ts'
import { type Receiver, receivers } from './backlog.ts'

/** How often each word of a fixed list was counted since the process began. */
export type Counts<Word extends string> = {
  add(word: Word, by?: number): void
  all(): ReadonlyMap<Word, number>
}

/** What runs by the clock, in rounds. */
export type Job = 'sweep' | 'seal'

const counting = <Word extends string>(words: readonly Word[]): Counts<Word> => {
  // From 0 on, so that a rate over the first one is not lost.
  const counts = new Map(words.map((word) => [word, 0]))
  return {
    add: (word, by = 1) => void counts.set(word, (counts.get(word) ?? 0) + by),
    all: () => counts,
  }
}

const isEvent = (name: string): name is EventName => Object.hasOwn(events, name)

/**
 * What this process did outside of requests, for `/metrics`. Events are counted by whoever seals them: that is once for each
 * over all nodes, and only after its commit.
 */
export const tally = perWorld((world) => {
  const succeeded = new Map<Job, Date>()
  const rounds = counting<`${Job} ${'ok' | 'failed'}`>(['sweep ok', 'sweep failed', 'seal ok', 'seal failed'])
  const told = counting(Object.keys(events) as EventName[]) // the keys of a literal object are exactly its type's keys
  const sealed = counting(['rows', 'seals'])
  return {
    events: told.all,
    sealed: sealed.all,
    /** A batch of audit rows has its seals; each row is named by its event. */
    seal(seals: number, names: readonly string[]) {
      sealed.add('seals', seals)
      sealed.add('rows', names.length)
      // A newer node may write names that are not known here.
      for (const name of names) if (isEvent(name)) told.add(name)
    },
    mails: counting(['sent', 'put_off', 'given_up', 'outdated']),
    deliveries: counting<`${Receiver} ${'delivered' | 'failed'}`>(
      receivers.flatMap((to) => [`${to} delivered` as const, `${to} failed` as const]),
    ),
    rounds,
    /** When a round of each job last succeeded here. */
    succeeded: (): ReadonlyMap<Job, Date> => succeeded,
    /** A round of a job is over. */
    round(job: Job, outcome: 'ok' | 'failed') {
      rounds.add(`${job} ${outcome}`)
      if (outcome === 'ok') succeeded.set(job, world.clock.now())
    },
  }
})
