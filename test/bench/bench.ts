import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measure, type Row } from './slices.ts'
import { openStage } from './stage.ts'
import { printTable } from './table.ts'
import { type CaseName, units } from './units.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    server: { type: 'string' },
    verbose: { type: 'boolean' },
    beside: { type: 'string' },
    profile: { type: 'string' },
  },
})
const root = process.cwd()

const stage = await openStage({ root: values.server ?? root, beside: values.beside, profile: values.profile })
const rows: Row[] = []
try {
  for (const name of Object.keys(units) as CaseName[]) {
    if (values.only !== undefined && values.only !== name) continue
    rows.push(await measure(stage, name, values.quick ? 4 : 8, values.quick ? 1 : 2.5))
  }
} finally {
  await stage.close()
}
printTable(rows)
writeFileSync(join(root, 'test/bench/results.json'), `${JSON.stringify({ cases: rows }, null, 2)}\n`)
