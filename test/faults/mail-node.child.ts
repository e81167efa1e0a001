import { run } from 'graphile-worker'
import { readEnv } from '../../server/env.ts'
import { startMailing } from '../../server/jobs/mail.ts'
import type { Address } from '../../server/lib/driver/connect.ts'
import { openLog } from '../../server/lib/log.ts'
import { poolsFor } from '../../server/lib/queue/address.ts'
import { withPool } from '../../server/lib/queue/pool.ts'
import { openMail } from '../../server/mails/mail.ts'
import { openTransport, post } from '../../server/mails/transport.ts'
import { openWorld } from '../../server/world.ts'

// A node that does nothing but send mails: `node mail-node.child.mjs ADDRESS SMTP_URL ours|naive`; prints `ready`.
const [address = '""', smtpUrl = '', kind] = process.argv.slice(2)
const at = JSON.parse(address) as Address
const world = await openWorld({
  config: readEnv({ SMTP_URL: smtpUrl, MASTER_KEY: '0f'.repeat(32) }, () => ''),
  log: openLog('trace', { write: (line) => void process.stderr.write(line) }),
  address: at,
})

/** Wrong on purpose: the library as it comes, which waits four hours before it takes over the jobs of a dead node. */
const naive = () =>
  withPool(poolsFor(at), { name: 'naive queue', max: 4 }, async (pgPool) => {
    const runner = await run({
      pgPool,
      noHandleSignals: true,
      parsedCronItems: [],
      concurrency: 2,
      taskList: {
        mail: async (payload) => {
          const { id, to } = openMail(world, payload)
          const transport = await openTransport(world.config)
          await post(transport, world.config, { id, to, thread: undefined, subject: 's', html: '<p>h</p>', text: 't' })
        },
      },
    })
    await runner.promise
  })

if (kind === 'naive') void naive()
else startMailing(world)
process.stdout.write('ready\n')
