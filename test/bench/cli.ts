import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { cost, median, percentile, type Row } from './rows.ts'
import type { Stage } from './stage.ts'

const rounds = 20

/** What performance.md allows a command that only tells of itself, in ms. */
const most = 250

/** Milliseconds from the start of a process to its end. */
const timeOf = (args: string[], cwd: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const from = performance.now()
    const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' })
    child.on('error', reject).on('exit', (code) => {
      if (code === 0) resolve(performance.now() - from)
      else reject(new Error(`${args.join(' ')} ended with ${code}.`))
    })
  })

/** Cold starts of the command line, in turn with those of a Node that does nothing. */
export async function cli({ root }: Stage): Promise<Row[]> {
  const rows: Row[] = []
  for (const line of ['--version', '--help', 'code --help']) {
    const [ours, bare]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      bare.push(await timeOf(['-e', '0'], root))
      ours.push(await timeOf([join('server', 'countersign.mjs'), ...line.split(' ')], root))
    }
    const spread = { p50_ms: median(ours), p99_ms: percentile(ours, 99) }
    rows.push(cost(`cli, ${line}: ms`, median(ours), median(bare), spread))
    if (line === '--help') rows.push(cost('cold start, --help: ms', median(ours), most, spread))
  }
  return rows
}
