import type { Address } from '../driver/connect.ts'
import { openBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { openHome } from './home.ts'
import { keep } from './keep.ts'
import { addressOf } from './lease.ts'

/** The embedded database, in use by this process. */
export type Embedded = {
  address: Address
  /** Gives it back; the last process out stops the server. Close your own pools first. */
  release(): Promise<void>
}

/**
 * Uses the PostgreSQL of a data directory: makes it, starts it, or joins the one that runs, and starts it again when it
 * dies. The server is a process of its own that outlives a killed parent; several processes can use it at a time.
 * Throws StartFault with a sentence for the operator.
 * @param log lines for the operator's log
 */
export async function startEmbedded({
  dataDir,
  log,
}: {
  dataDir: string
  log: (line: string) => void
}): Promise<Embedded> {
  const home = openHome(dataDir, log)
  const binaries = openBinaries(home)
  await openCluster(home, binaries, log)
  return { address: addressOf(home), release: await keep(home, binaries, log) }
}
