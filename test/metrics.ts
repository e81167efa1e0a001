/** One metric of a scrape: what `HELP` and `TYPE` say, and the labels of each sample (`le` and `quantile` included). */
export type Metric = { name: string; help: string; type: string; samples: Record<string, string>[] }

/** A scrape of `/metrics`, read as Prometheus does: samples of a histogram stand with it. */
export function readMetrics(text: string): Map<string, Metric> {
  const metrics = new Map<string, Metric>()
  let last: Metric | undefined
  for (const line of text.split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (word !== undefined) {
      last = metrics.get(name) ?? { name, help: '', type: '', samples: [] }
      metrics.set(name, word === 'HELP' ? Object.assign(last, { help: rest }) : Object.assign(last, { type: rest }))
      continue
    }
    const [, sample = '', labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    if (sample === '') continue
    if (!last || sample.replace(/_(bucket|sum|count)$/, '') !== last.name.replace(/_(bucket|sum|count)$/, ''))
      throw new Error(`A sample stands apart: ${line}`)
    last.samples.push(Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((m) => [m[1], m[2]])))
  }
  return metrics
}

/** The names of a metric's labels. */
export const labelsOf = ({ samples }: Metric): string[] =>
  [...new Set(samples.flatMap((one) => Object.keys(one)))].sort()

const units = /_(seconds|bytes|ratio|info|total)$/

/** What Prometheus' naming conventions have against a metric, in sentences; none when it keeps them. */
export function faultsOf(metric: Metric): string[] {
  const { name, help, type } = metric
  const faults: string[] = []
  const must = (holds: boolean, sentence: string) => void (holds || faults.push(`${name} ${sentence}`))
  must(/^[a-z][a-z0-9_]*$/.test(name) && !name.includes('__'), 'is not snake case.')
  must(help !== '', 'has no help.')
  must((type === 'counter') === name.endsWith('_total'), 'ends in _total when it is a counter, and only then.')
  must(!/_(ms|milliseconds|minutes|hours|kilobytes|megabytes|percent)(_|$)/.test(name), 'is not in base units.')
  must(type !== 'histogram' || units.test(name), 'is a histogram without a unit.')
  must(!/_(age|lag|duration|overdue|late)$/.test(name), 'is a time without its unit.')
  must(!name.endsWith('_info') || type === 'gauge', 'is information, which is a gauge.')
  // Prometheus itself sets these on each target.
  for (const label of labelsOf(metric)) {
    must(label !== 'job' && label !== 'instance', `uses the label ${label}.`)
    must(/^[a-z][a-z_]*$/.test(label), `has the label ${label}.`)
  }
  return faults
}

const words = new Set(
  'abs and avg bool by clamp_max clamp_min count delta group_left group_right histogram_quantile ignoring increase irate label_replace max min offset on or quantile rate sum time topk unless vector without'.split(
    ' ',
  ),
)

/** Each selector of a PromQL expression, and the labels that it groups by. */
export function partsOf(expr: string) {
  const groups = [...expr.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap((m) => (m[1] ?? '').split(/\s*,\s*/))
  const bare = expr.replaceAll(/\b(?:by|without)\s*\([^)]*\)/g, ' ').replaceAll(/(?<=[}\w])\[[\w$]+\]/g, ' ')
  const selectors = [...bare.matchAll(/(?<![\w"])([a-zA-Z_:][\w:]*)\s*(?:\{((?:"(?:[^"\\]|\\.)*"|[^}"])*)\})?/g)]
    .filter(([, name = '']) => !words.has(name))
    .map(([, name = '', matchers = '']) => ({
      name,
      matchers: [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(
        ([, label = '', op = '', value = '']) => ({ label, op, value }),
      ),
    }))
  return { selectors, groups }
}
