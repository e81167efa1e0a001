import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { age } from './age.ts'
import { audit } from './audit.ts'
import { cli } from './cli.ts'
import { nodes } from './nodes.ts'
import { type Row, tableOf } from './rows.ts'
import { size } from './size.ts'
import { measure } from './slices.ts'
import { openStage, type Stage } from './stage.ts'
import { start } from './start.ts'
import { type CaseName, units } from './units.ts'
import { waiters } from './waiters.ts'

const usage = `npm run bench -- [options]
  --quick          the request cases only, in a minute; scale cases named by --only are made smaller
  --only NAME      one case: ${Object.keys(units).join(', ')}, age, waiters, nodes, size, start, cli, audit
  --beside DIR     another checkout's server in the limit's place: what a change is worth
  --profile DIR    our server leaves a CPU profile there
`
const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    beside: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const { quick } = asked
const length = quick ? { pairs: 4, seconds: 0.5, warm: 2, acts: 300 } : { pairs: 8, seconds: 2.5, warm: 10, acts: 2000 }

const request = (name: CaseName) => async (stage: Stage) => {
  const ours = stage.player('ours')
  // What the dashboard's door costs is measured against our other door.
  const limit = name === 'rpc' && !asked.beside ? { ...ours, side: 'limit' as const } : stage.player('limit')
  return [await measure(stage, name, [ours, limit], length)]
}
const requests = (Object.keys(units) as CaseName[]).map((name) => [name, request(name)] as const) // the keys of a literal
const scales = [
  ['age', (stage: Stage) => age(stage, quick ? 200_000 : 2_000_000, length)],
  ['waiters', (stage: Stage) => waiters(stage, quick ? 1000 : 10_000)],
  ['nodes', (stage: Stage) => nodes(stage, length)],
  ['size', (stage: Stage) => size(stage, 10_000, quick ? 50_000 : 1_000_000)],
  ['start', start],
  ['cli', cli],
  ['audit', (stage: Stage) => audit(stage, length, quick ? 10 : 30)],
] as const

const chosen = [...requests, ...scales].filter(([name]) =>
  asked.only === undefined ? !quick || requests.some(([one]) => one === name) : name === asked.only,
)
const say = (text: string) => void process.stdout.write(text)

const kept = join(process.cwd(), 'test/bench/results.json')

/** Puts a case's rows in the place of its last ones; what this run does not measure stays as it was. */
function keep(rows: readonly Row[]): void {
  const { cases }: { cases: Row[] } = JSON.parse(readFileSync(kept, 'utf8'))
  const others = cases.filter((one) => !rows.some((row) => row.case === one.case))
  const round = (_key: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value)
  writeFileSync(kept, `${JSON.stringify({ cases: [...others, ...rows] }, round, 2)}\n`)
}

if (asked.help || chosen.length === 0) {
  say(usage)
} else {
  const root = process.cwd()
  const stage = await openStage({ root, beside: asked.beside, profile: asked.profile })
  const rows: Row[] = []
  try {
    for (const [name, play] of chosen) {
      process.stderr.write(`${name} …\n`)
      const measured = await play(stage)
      rows.push(...measured)
      // Neither a minute's figures nor those beside another checkout are what the product is known by.
      if (!quick && !asked.beside) keep(measured)
    }
  } finally {
    await stage.close()
  }
  say(tableOf(rows))
}
