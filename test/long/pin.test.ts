import { test } from 'vitest'
import { raceGuesses } from '../faults/guesses.ts'
import { fourNodes } from '../faults/nodes.ts'

const nodes = await fourNodes()

test(
  '200 links, 50 racing guesses each over four processes: five are judged of each',
  () => raceGuesses(nodes, 200, 50),
  600_000,
)
