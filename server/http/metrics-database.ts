import { Gauge, type Registry } from 'prom-client'
import { backlog, connections, deliveriesTo, jobsByTask, mostCounted, places, receivers } from '../instance/backlog.ts'
import { withDeadline } from '../lib/deadline.ts'
import type { World } from '../world.ts'

/** Longest time (ms) that a look may take: an answer without these is better than none. */
const patience = 1000

const most = `${mostCounted.toLocaleString('en')} at most`

/**
 * What stands in the database, the same from every node: a maximum over them tells of the service.
 * @returns a look that brings all up to date; while the database is away it leaves none of them but `countersign_database_up`
 */
export function databaseMetrics({ db: { sql }, log }: World, registry: Registry): () => Promise<void> {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames: [...labelNames], registers: [registry] })

  const up = gauge('countersign_database_up', '1 when the database answered this look within a second.')
  const took = gauge('countersign_database_look_duration_seconds', 'How long this look took.')
  const connected = gauge('countersign_database_connections', 'Connections of all nodes, by state.', ['state'])
  const unsealed = gauge('countersign_audit_unsealed_age_seconds', 'Age of the oldest audit row without a seal.')
  const pending = gauge('countersign_approvals_pending', `Approvals that wait; ${most}.`)
  const late = gauge('countersign_approvals_late_seconds', 'For how long an approval has been over and not swept.')
  const secrets = gauge('countersign_secrets_unread', `One-time secrets that can still be read; ${most}.`)
  const jobs = gauge('countersign_queue_jobs', `Jobs in the queue, by task; ${most}.`, ['task', 'state'])
  const overdue = gauge('countersign_queue_overdue_seconds', 'For how long a job should have begun.', ['task'])
  const deliveries = gauge('countersign_deliveries_waiting', `Deliveries that wait; ${most}.`, ['to', 'state'])
  const delayed = gauge('countersign_deliveries_overdue_seconds', 'For how long a delivery should have begun.', ['to'])
  const standing = gauge('countersign_receivers', 'Webhooks and channels, by where they stand.', ['to', 'state'])
  const plain = [took, unsealed, pending, late, secrets]
  const byLabel = [connected, jobs, overdue, deliveries, delayed, standing]

  const look = async () => {
    const start = performance.now()
    const [waits, tasks, states, due, kept] = await Promise.all([
      backlog(sql),
      jobsByTask(sql),
      connections(sql),
      deliveriesTo(sql),
      places(sql),
    ])
    for (const one of byLabel) one.reset()
    took.set((performance.now() - start) / 1000)
    for (const { state, count } of states) connected.set({ state }, count)
    unsealed.set(waits.unsealed)
    pending.set(waits.pending)
    late.set(waits.late)
    secrets.set(waits.secrets)
    for (const { task, overdue: age, waiting, running, failing } of tasks) {
      overdue.set({ task }, age)
      for (const [state, count] of Object.entries({ waiting, running, failing })) jobs.set({ task, state }, count)
    }
    for (const to of receivers) {
      const { waiting = 0, failing = 0, overdue: age = 0 } = due.find((one) => one.to === to) ?? {}
      deliveries.set({ to, state: 'waiting' }, waiting)
      deliveries.set({ to, state: 'failing' }, failing)
      delayed.set({ to }, age)
      const count = (state: string) => kept.find((one) => one.to === to && one.state === state)?.count ?? 0
      if (to !== 'browser') for (const state of ['ok', 'failing', 'off']) standing.set({ to, state }, count(state))
    }
    up.set(1)
  }
  const away = (err: unknown) => {
    log.warn({ job: 'metrics', err }, 'The database did not answer what /metrics asks')
    for (const one of plain) one.remove()
    for (const one of byLabel) one.reset()
    up.set(0)
  }
  let looking: Promise<void> | undefined
  // Scrapes at once are one look, also while it hangs: they must not take connections from requests.
  const shared = () => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  return () => withDeadline(patience, shared).catch(away)
}
