import { readEnv } from '../../server/env.ts'
import { holders, rotate } from '../../server/instance/rotation.ts'
import { mastersIn, moveToMaster } from '../../server/instance.ts'
import type { Address } from '../../server/lib/driver/connect.ts'
import { openLog } from '../../server/lib/log.ts'
import { atomically } from '../../server/lib/transaction.ts'
import { openWorld, type World } from '../../server/world.ts'

// Rotates the master key: `node rotate.child.mjs ADDRESS KEYRING_DIR NEW,OLDER,… ours|naive`; prints `begun`, then what it did.
const [address = '""', keyringDir = '', keys = '', kind] = process.argv.slice(2)
const [masterKey, ...previous] = keys.split(',')
const world = await openWorld({
  config: readEnv(
    { MASTER_KEY: masterKey, PREVIOUS_MASTER_KEYS: previous.join(','), KEYRING_DIR: keyringDir },
    () => '',
  ),
  log: openLog('silent'),
  address: JSON.parse(address) as Address,
})

/** Wrong on purpose: the old generation goes first, while rows still need it. */
async function naive({ db: { sql }, vault, config }: World): Promise<object> {
  await atomically(sql, (tx) => moveToMaster(tx, mastersIn(config)))
  await vault.refresh()
  const { version } = vault.newest()
  await sql`delete from instance_keys where generation < ${version}`
  for (let after: string | undefined = ''; after !== undefined; )
    after = (await holders.secrets?.(world, sql, version, after))?.last
  return {}
}

process.stdout.write('begun\n')
process.stdout.write(`${JSON.stringify(await (kind === 'naive' ? naive : rotate)(world))}\n`)
await world.close()
