import { Counter, Gauge, type Registry } from 'prom-client'
import { listening } from '../feed/hub.ts'
import { tally } from '../instance/tally.ts'
import { requestLog } from '../requests/log.ts'
import type { World } from '../world.ts'

/** What this process knows of itself; a sum over all nodes tells of the service. */
export function processMetrics(world: World, registry: Registry): void {
  const registers = [registry]
  const did = tally(world)

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(read())
      },
    })
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  /** Counts by one label, whose values are the words of a fixed list. */
  const counterBy = (name: string, help: string, label: string, read: () => ReadonlyMap<string, number>) =>
    new Counter({
      ...{ name, help, registers, labelNames: [label] },
      collect() {
        this.reset()
        for (const [word, count] of read()) this.inc({ [label]: word }, count)
      },
    })

  gauge('countersign_waiters', 'Requests that wait for a change right now.', () => world.wake.waiting())
  gauge('countersign_feed_listeners', 'Connections that hear a live feed right now.', () => listening(world))
  gauge('countersign_listening', '1 while changes of other nodes are heard.', () => Number(world.wake.isListening()))
  counterBy('countersign_rate_limited_total', 'Requests refused by rate class.', 'class', () =>
    world.limiter.refusals(),
  )
  counter('countersign_request_log_dropped_total', 'Rows of the access log that could not be kept.', () =>
    requestLog(world).dropped(),
  )
  counterBy(
    'countersign_events_total',
    'What happened, by the name of its audit event; counted once, by the node that sealed it.',
    'event',
    () => did.events(),
  )
  counter(
    'countersign_audit_sealed_rows_total',
    'Audit rows that this node sealed.',
    () => did.sealed().get('rows') ?? 0,
  )
  counter(
    'countersign_audit_seals_total',
    'Seals that this node made, one for each project of a batch.',
    () => did.sealed().get('seals') ?? 0,
  )
  counterBy('countersign_mails_total', 'Tries to send a mail, by how each ended.', 'outcome', () => did.mails.all())
  jobMetrics(world, registry)
}

/** What runs by the clock on every node. `job` would be the label that Prometheus itself sets. */
function jobMetrics(world: World, registry: Registry): void {
  const registers = [registry]
  const did = tally(world)
  /** Counts of two words, the second of which is how it ended. */
  const outcomes = (name: string, help: string, label: string, read: () => ReadonlyMap<string, number>) =>
    new Counter({
      ...{ name, help, registers, labelNames: [label, 'outcome'] },
      collect() {
        this.reset()
        for (const [words, count] of read()) {
          const [word = '', outcome = ''] = words.split(' ')
          this.inc({ [label]: word, outcome }, count)
        }
      },
    })
  outcomes('countersign_deliveries_total', 'Tries to deliver an event, by how each ended.', 'to', () =>
    did.deliveries.all(),
  )
  outcomes('countersign_rounds_total', 'Rounds of what runs by the clock.', 'round', () => did.rounds.all())
  new Gauge({
    name: 'countersign_round_last_success_timestamp_seconds',
    help: 'When a round last succeeded, in Unix time; none before the first.',
    labelNames: ['round'],
    registers,
    collect() {
      for (const [round, at] of did.succeeded()) this.set({ round }, at.getTime() / 1000)
    },
  })
}
