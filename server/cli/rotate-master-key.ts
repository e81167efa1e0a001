import { withPreviousKey } from '../env.ts'
import { rotate } from '../instance/rotation.ts'
import { masterKeyFile, readMasterKey } from '../lib/masterkey.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { withWorld } from './world.ts'

/**
 * `rotate-master-key`: makes MASTER_KEY the key of this database. The one from before is in PREVIOUS_MASTER_KEYS or in
 * DATA_DIR/master.key. Can be killed and run again.
 */
export async function rotateMasterKey(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const given = terminal.config()
  if (given.masterKey === undefined)
    throw new CommandFault(
      'Set MASTER_KEY to the new key (`openssl rand -hex 32` makes one); the old one goes into PREVIOUS_MASTER_KEYS, or stays in DATA_DIR/master.key.',
    )
  const inFile = readMasterKey({ dataDir: given.dataDir, given: undefined })
  const isOld = inFile !== undefined && !Buffer.from(inFile).equals(given.masterKey)
  const { changed, rows, ended, kept } = await withWorld(
    terminal,
    rotate,
    isOld ? withPreviousKey(given, inFile) : given,
  )
  if (json) terminal.out(JSON.stringify({ changed, rows, ended, kept }))
  if (kept > 0)
    throw new CommandFault(
      `${rows} rows were sealed anew; others could not be, because keys of one-time secrets are not in KEYRING_DIR. Put them back and run this again; countersign doctor says more.`,
    )
  if (json) return
  if (!changed && rows === 0 && ended === 0)
    terminal.out('Nothing to do: MASTER_KEY is the key of this database, and no row is sealed under an older one.')
  else terminal.out(`The master key is rotated; ${rows} ${rows === 1 ? 'row was' : 'rows were'} sealed anew.`)
  if (given.previousMasterKeys.length > 0)
    terminal.out('PREVIOUS_MASTER_KEYS may go, once every server was started with the new MASTER_KEY.')
  if (isOld) terminal.out(`Delete ${masterKeyFile(given.dataDir)}, which holds the old key, and keep MASTER_KEY set.`)
}
