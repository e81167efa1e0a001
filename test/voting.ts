import type { PersonActor } from '../server/context.ts'
import type { World } from '../server/world.ts'
import { as } from './as.ts'

/** Two buttons, of which the second ends it at once. */
export const yesOrNo = [
  { key: 'approve', value: 'approved', style: 'primary' },
  { key: 'reject', value: 'rejected', style: 'danger' },
]

type Asked = { approval_id: string; action_hash: string }

/** Gives a person's vote by name, as the dashboard does. */
export const vote = (
  world: World,
  { actor }: { actor: PersonActor },
  { approval_id, action_hash }: Asked,
  action = 'approve',
  more: object = {},
) => as(world, actor).approvals.decide({ approval_id, action_hash, action, ...more })
