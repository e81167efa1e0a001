import { connect } from '../../server/lib/driver/connect.ts'
import { startEmbedded } from '../../server/lib/embedded/index.ts'

// A process that uses the embedded database: `node embedded.child.mjs DATA_DIR hold|once|write [on|off]`.
// One line of JSON per thing it has to tell.
const [dataDir = '', what = 'hold', commit = 'on'] = process.argv.slice(2)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const began = performance.now()
  const { address, release } = await startEmbedded({ dataDir, log: (line) => say({ log: line }) })
  const ms = Math.round(performance.now() - began)
  const sql = connect(address, { max: 4, name: 'test child', session: { synchronous_commit: commit } })
  const leave = async () => {
    await sql.end({ timeout: 5 })
    await release()
    say({ left: true })
    process.exit(0)
  }
  process.on('SIGTERM', () => void leave())
  const [row] = await sql`
    select current_setting('data_directory') as data, current_setting('data_checksums') as checksums,
           current_setting('listen_addresses') as listens,
           (pg_stat_file('postmaster.pid')).size > 0 as running, split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`
  say({ ...row, ms, address })
  if (what === 'write') {
    await sql.begin(async (tx) => {
      await tx`set local synchronous_commit = on`
      await tx`create table if not exists written (n int)`
    })
    for (let n = 0; ; n++) {
      await sql`insert into written values (${n})`
      process.stdout.write(`${n}\n`)
    }
  }
  if (what === 'once') await leave()
} catch (error) {
  say({
    refused: error instanceof Error ? error.message : String(error),
    name: error instanceof Error ? error.name : '',
  })
  process.exit(78)
}
