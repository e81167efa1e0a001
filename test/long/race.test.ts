import { test } from 'vitest'
import { raceClicks } from '../faults/clicks.ts'
import { fourNodes } from '../faults/nodes.ts'

const nodes = await fourNodes()

test(
  '2000 approvals, 32 racers each over four processes: one winner, one event and one value each',
  () => raceClicks(nodes, 2000, 32),
  600_000,
)
