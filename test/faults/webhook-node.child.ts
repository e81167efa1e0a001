import { setTimeout as sleep } from 'node:timers/promises'
import { readEnv } from '../../server/env.ts'
import { startDelivering } from '../../server/jobs/deliver.ts'
import type { Address } from '../../server/lib/driver/connect.ts'
import { openLog } from '../../server/lib/log.ts'
import type { Delivery } from '../../server/outbox/delivery.ts'
import { handOut } from '../../server/outbox/fanout.ts'
import { sendToWebhook } from '../../server/webhooks/send.ts'
import { openWorld } from '../../server/world.ts'

// A node that does nothing but deliver: `node webhook-node.child.mjs ADDRESS ours|naive`; prints `ready`.
const [address = '""', kind] = process.argv.slice(2)
const world = await openWorld({
  config: readEnv({ MASTER_KEY: '0f'.repeat(32), OUTBOUND_ALLOW: '127.0.0.1' }, () => ''),
  log: openLog('silent'),
  address: JSON.parse(address) as Address,
})

/** Wrong on purpose: what is taken counts as delivered, and what fails is tried again from memory. */
async function naive(): Promise<never> {
  const { sql } = world.db
  const send = async (delivery: Delivery) => {
    while (!(await sendToWebhook(world, delivery)).ok) await sleep(50)
  }
  for (;;) {
    await handOut(world)
    const mine = await sql<Delivery[]>`
      update deliveries set status = 'delivered', ended_at = now() where id in (
        select id from deliveries where status = 'waiting' order by id limit 50 for update skip locked)
      returning id::float8 as id, project_id, webhook_id, channel_id, event_id, event, body, attempts, earlier`
    await Promise.all(mine.map(send))
    await sleep(50)
  }
}

if (kind === 'naive') void naive()
else startDelivering(world)
process.stdout.write('ready\n')
