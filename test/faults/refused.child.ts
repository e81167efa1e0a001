import { openDb } from '../../server/lib/db.ts'

// Opens a database; bundled without the guard it must be refused, before anything is connected.
try {
  openDb({ address: 'postgres://nobody@127.0.0.1:1/none' })
  process.stdout.write('opened\n')
} catch (error) {
  process.stdout.write(`${String(error)}\n`)
}
