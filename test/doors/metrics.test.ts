import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { version } from '../../package.json'
import { packageRoot } from '../../server/lib/root.ts'
import { makeAsker } from '../make.ts'
import { faultsOf, labelsOf, type Metric, partsOf, readMetrics } from '../metrics.ts'
import { opened } from '../opened.ts'
import { shareSecret } from '../secrets.ts'
import { serve } from '../serve.ts'
import { until } from '../until.ts'

const { url, world } = await serve()
const scrape = async (base = url) => (await fetch(`${base}/metrics`)).text()
const readme = join(packageRoot, 'clients', 'recipes', 'grafana', 'README.md')

const canary = 'c4nary'
const { key, actor, project } = await makeAsker(world)
const one = await opened(world, actor, { key_path: `${canary}/path`, value: canary, info: canary, ref_id: canary })
await one.act()
const secret = await shareSecret(world, actor, { secret: canary })
await secret.reveal()
const headers = { authorization: `Bearer ${key}`, 'x-canary': canary }
await fetch(`${url}/v1/approvals/${one.approval_id}?${canary}=${canary}`, { headers })
await fetch(`${url}/v1/key/${canary}/path?key=${key}`)
await fetch(`${url}/${canary}`, { method: 'PROPFIND' })
await fetch(`${url}/a/${one.token}`)
// Nothing works on it: this service has no mail server.
await world.db.sql`select graphile_worker.add_job('mail', ${world.db.sql.json({ sealed: canary })}::json)`

/** Scrapes until what was done above is sealed and both rounds have been made. */
const settled = async (): Promise<string> => {
  let text = ''
  const isThere = async () => {
    text = await scrape()
    return (
      /^countersign_events_total\{event="secret.received"\} 1$/m.test(text) &&
      /timestamp_seconds\{round="sweep"\}/.test(text) &&
      // On a busy machine a look may take longer than it may.
      /^countersign_database_up 1$/m.test(text)
    )
  }
  await until(isThere)
  return text
}
const text = await settled()
const metrics = readMetrics(text)
const ours = [...metrics.values()].filter(({ name }) => /^(countersign|http)_/.test(name))

describe('names of metrics', () => {
  test('keep the conventions of Prometheus, those of the library included', () => {
    expect([...metrics.values()].flatMap(faultsOf)).toEqual([])
    expect(ours.length).toBeGreaterThan(20)
  })

  test('that do not keep them are found (the control)', () => {
    const wrong: Metric[] = [
      { name: 'countersign_requests', help: 'x', type: 'counter', samples: [] },
      { name: 'countersign_waiters_total', help: 'x', type: 'gauge', samples: [] },
      { name: 'countersign_look_ms', help: 'x', type: 'gauge', samples: [] },
      { name: 'countersign_queue_age', help: 'x', type: 'gauge', samples: [] },
      { name: 'countersign_duration', help: 'x', type: 'histogram', samples: [] },
      { name: 'countersignWaiters', help: 'x', type: 'gauge', samples: [] },
      { name: 'countersign_waiters', help: '', type: 'gauge', samples: [] },
      { name: 'countersign_rounds_total', help: 'x', type: 'counter', samples: [{ job: 'sweep' }] },
    ]
    for (const one of wrong) expect(faultsOf(one), one.name).not.toEqual([])
  })

  test('pass promtool where it is installed', () => {
    const promtool = (input: string) => spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' })
    const checked = promtool(text)
    if (checked.error) return expect(Object(checked.error).code).toBe('ENOENT')
    expect([checked.status, checked.stderr, checked.stdout]).toEqual([0, '', ''])
    expect(promtool('# HELP a_total x\n# TYPE a_total gauge\na_total 1\n').status).not.toBe(0)
  })
})

describe('labels', () => {
  test('hold nothing that anybody sent or was given: no id, path, token, key or text', () => {
    const [given, token] = [one.approval_id, one.token]
    for (const word of [canary, key, given, token, secret.id, secret.secret_key, project.id, project.name, actor.id])
      expect(text.includes(word), word).toBe(false)
    expect(text).not.toMatch(/[0-9A-HJKMNP-TV-Z]{26}/)
  })

  test('of routes are templates, however many paths are asked for', async () => {
    const routes = async () => readMetrics(await scrape()).get('http_request_duration_seconds')?.samples.length
    const paths = (n: number) => [`/v1/key/${canary}/${n}`, `/${canary}${n}`, `/v1/approvals/${n}`, `/a/${n}`]
    const ask = async (n: number) => {
      for (const path of paths(n)) await fetch(url + path, { headers })
    }
    await ask(0)
    const before = await routes()
    for (let n = 1; n <= 10; n++) await ask(n)
    expect(await routes()).toBe(before)
  })
})

describe('what is counted', () => {
  const value = (name: string, from = text) =>
    Number(new RegExp(`^${name.replaceAll(/[{}.]/g, '\\$&')} (\\S+)$`, 'm').exec(from)?.[1])

  test('is what happened, by its event, and each once', () => {
    expect(value('countersign_events_total{event="approval.created"}')).toBe(1)
    expect(value('countersign_events_total{event="approval.executed"}')).toBe(1)
    expect(value('countersign_events_total{event="approval.expired"}')).toBe(0)
    expect(value('countersign_events_total{event="secret.created"}')).toBe(1)
    expect(value('countersign_events_total{event="secret.received"}')).toBe(1)
    expect(value('countersign_audit_sealed_rows_total')).toBeGreaterThanOrEqual(5)
    expect(value('countersign_audit_seals_total')).toBeGreaterThan(0)
  })

  test('is what waits', async () => {
    const { overdue, unread, pending, jobs } = {
      overdue: value('countersign_queue_overdue_seconds{task="mail"}'),
      unread: value('countersign_secrets_unread'),
      pending: value('countersign_approvals_pending'),
      jobs: value('countersign_queue_jobs{task="mail",state="waiting"}'),
    }
    expect([unread, pending, jobs]).toEqual([0, 0, 1])
    expect(overdue).toBeGreaterThan(0)
    await opened(world, actor)
    await until(async () => value('countersign_approvals_pending', await scrape()) === 1)
  })

  test('is which release runs on which Node', () => {
    expect(text).toContain(`countersign_build_info{version="${version}",node_version="${process.version}"} 1`)
  })

  test('counts an event once over all nodes, whichever of them sealed it', async () => {
    const other = await serve({}, { address: world.address })
    const counted = async () => {
      const [a, b] = await Promise.all([scrape(), scrape(other.url)])
      const name = 'countersign_events_total{event="approval.created"}'
      return value(name, a) + value(name, b)
    }
    for (let n = 0; n < 20; n++) {
      await opened(n % 2 ? world : other.world, actor)
      if (n % 5 === 0) await sleep(400)
    }
    const [made] = await world.db.sql`select count(*)::int as count from events where name = 'approval.created'`
    await until(async () => (await counted()) >= made?.count)
    await sleep(1200)
    expect(await counted()).toBe(made?.count)
    await other.close()
  })

  test('leaves out what only the database knows while that is away, and says so', async () => {
    const lonely = await serve()
    const { sql } = lonely.world.db
    await until(async () => /^countersign_database_up 1$/m.test(await scrape(lonely.url)))
    await sql.end({ timeout: 0 })
    const away = await scrape(lonely.url)
    expect(away).toMatch(/^countersign_database_up 0$/m)
    expect(away).not.toMatch(/^countersign_(approvals_pending|queue_jobs|audit_unsealed_age_seconds)\b/m)
    expect(away).toMatch(/^countersign_waiters 0$/m)
    await lonely.close().catch(() => undefined)
  })
})

type Panel = { title: string; targets?: { expr: string }[] }

describe('the Grafana dashboard', () => {
  const dashboard = JSON.parse(readFileSync(join(packageRoot, 'clients/recipes/grafana/countersign.json'), 'utf8'))
  const panels: Panel[] = dashboard.panels
  const exprs = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
  const targetLabels = ['job', 'instance']

  /** What an expression names that no scrape has. */
  const missing = (expr: string): string[] => {
    const { selectors, groups } = partsOf(expr)
    const known = selectors.map(({ name, matchers }) => {
      const metric = metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ''))
      return { name, matchers, metric, labels: metric ? [...labelsOf(metric), ...targetLabels] : [] }
    })
    const matches = (metric: Metric | undefined, label: string, op: string, value: string) =>
      op !== '=~' || !metric || metric.samples.some((one) => new RegExp(`^(?:${value})$`).test(one[label] ?? ''))
    return [
      ...known.flatMap(({ name, metric }) => (metric ? [] : [name])),
      ...known.flatMap(({ name, metric, labels, matchers }) =>
        matchers
          .filter(({ label, op, value }) => !labels.includes(label) || !matches(metric, label, op, value))
          .map(({ label }) => `${name}{${label}}`),
      ),
      ...groups.filter((label) => !known.some(({ labels }) => labels.includes(label))),
    ]
  }

  test('asks only for metrics, labels and events that a scrape has', async () => {
    // A reply of 500 and above is what one panel looks for.
    metrics.get('http_request_duration_seconds')?.samples.push({ status: '503' })
    expect(exprs.length).toBeGreaterThan(25)
    for (const { title, expr } of exprs) expect([title, expr, missing(expr)]).toEqual([title, expr, []])
  })

  test('would be found to ask for others (the control)', () => {
    expect(missing('sum(rate(countersign_nothing_total[5m]))')).toEqual(['countersign_nothing_total'])
    expect(missing('sum by (project) (countersign_waiters)')).toEqual(['project'])
    expect(missing('countersign_waiters{project="x"}')).toEqual(['countersign_waiters{project}'])
    expect(missing('countersign_events_total{event=~"aproval[.].+"}')).toEqual(['countersign_events_total{event}'])
  })

  test('shows every metric of ours', () => {
    const shown = new Set(exprs.flatMap(({ expr }) => partsOf(expr).selectors.map(({ name }) => name)))
    const isShown = (name: string) => ['', '_bucket', '_count'].some((end) => shown.has(name + end))
    expect(ours.filter(({ name }) => !isShown(name)).map(({ name }) => name)).toEqual([])
  })

  test('has expressions that Prometheus can read, where promtool is installed', () => {
    const found = spawnSync('promtool', ['--version'])
    if (found.error) return expect(Object(found.error).code).toBe('ENOENT')
    const rules = exprs.map(({ expr }, n) => ({
      record: `a:${n}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', 'countersign'),
    }))
    const input = JSON.stringify({ groups: [{ name: 'all', rules }] })
    const directory = mkdtempSync(join(tmpdir(), 'countersign-rules-'))
    try {
      writeFileSync(join(directory, 'rules.yml'), input)
      execFileSync('promtool', ['check', 'rules', join(directory, 'rules.yml')], { stdio: 'pipe' })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

test('the page about metrics lists all of them, as a scrape says', async () => {
  const rows = ours.map((one) => {
    const labels = labelsOf(one).filter((label) => label !== 'le')
    return `| \`${one.name}\` | ${one.type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${one.help} |`
  })
  const table = ['| Metric | Type | Labels | What it is |', '| --- | --- | --- | --- |', ...rows].join('\n')
  const page = readFileSync(readme, 'utf8')
  const [before = '', rest = ''] = page.split('<!-- metrics:start -->')
  const [, after = ''] = rest.split('<!-- metrics:end -->')
  // `vitest -u` writes it.
  const whole = `${before}<!-- metrics:start -->\n${table}\n<!-- metrics:end -->${after}`
  await expect(whole).toMatchFileSnapshot(readme)
})
