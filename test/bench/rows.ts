/** One line of the table. Rates are per second. Where less is better `ratio` is limit / ours: more is always better. */
export type Row = {
  case: string
  ours: number
  limit: number
  ratio: number
  p50_ms: number | null
  p99_ms: number | null
  cpu_us: number | null
  rss_mib: number | null
}

/** The least ratio that performance.md asks for; of rows that are costs it is 1, since their limit is the goal. */
export const goals: Readonly<Record<string, number>> = {
  hello: 0.9,
  poll: 1.2,
  'poll 304': 1.25,
  rpc: 0.6,
  create: 0.7,
  act: 0.7,
  secret: 0.7,
  codes: 0.8,
  permission: 0.7,
  age: 0.95,
  audit: 0.75,
  // What more nodes are worth, against what more of the limit's processes are worth on the same cores and database.
  nodes: 0.9,
  // Against a Node that does nothing.
  cli: 0.35,
}

/** A row of something that should be small, against the most it may be. */
export const cost = (name: string, ours: number, limit: number, more: Partial<Row> = {}): Row => ({
  ...{ case: name, ours, limit, ratio: limit / ours },
  ...{ p50_ms: null, p99_ms: null, cpu_us: null, rss_mib: null, ...more },
})

/** What such a row measures beside its goal, by the first words of its name. */
export const goalOf = ({ case: name }: Row): number => goals[name.split(',')[0] ?? ''] ?? 1

export const median = (all: readonly number[]): number => percentile(all, 50)

/** The value that so many percent of all are not above; between two, the middle for 50. */
export function percentile(all: readonly number[], percent: number): number {
  const sorted = [...all].sort((a, b) => a - b)
  const at = (sorted.length - 1) * (percent / 100)
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

const figures = (value: number | null) =>
  value === null ? '' : value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })

/** The table as a person reads it. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [
    ['case', 'ours', 'limit', 'ratio', 'goal', '', 'p50 ms', 'p99 ms', 'cpu µs', 'rss MiB'],
    ...rows.map((row) => [
      row.case,
      figures(row.ours),
      figures(row.limit),
      row.ratio.toFixed(2),
      `≥ ${goalOf(row).toFixed(2)}`,
      row.ratio >= goalOf(row) ? 'ok' : 'MISSED',
      ...[row.p50_ms, row.p99_ms, row.cpu_us, row.rss_mib].map(figures),
    ]),
  ]
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  return lines
    .map((cells) =>
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .map((text) => `${text}\n`)
    .join('')
}
