import type { KeyActor, PersonActor } from '../server/context.ts'
import type { World } from '../server/world.ts'
import { as } from './as.ts'

type Wish = Parameters<ReturnType<typeof as>['approvals']['create']>[0]

/** Buttons of a yes and a no. */
export const yesAndNo = [
  { key: 'approve', value: 'approved', style: 'primary' },
  { key: 'reject', value: 'rejected', style: 'danger' },
]

/** Asks for a release, as a key does. */
export const askRelease = (
  world: World,
  actor: KeyActor,
  release: NonNullable<Wish['release']>,
  more: Partial<Wish> = {},
) =>
  as(world, actor).approvals.create({
    key_path: 'release/it',
    actions: yesAndNo,
    info: 'For the deploy',
    release,
    ...more,
  })

/** Somebody presses a button of it in the dashboard. */
export const decide = (
  world: World,
  person: PersonActor,
  { approval_id, action_hash }: { approval_id: string; action_hash: string },
  action = 'approve',
) => as(world, person).approvals.decide({ approval_id, action, action_hash })

/** A release that a person said yes to. */
export async function askApproved(
  world: World,
  actor: KeyActor,
  person: PersonActor,
  release: NonNullable<Wish['release']>,
  more: Partial<Wish> = {},
) {
  const asked = await askRelease(world, actor, release, more)
  await decide(world, person, asked)
  return asked
}

type Asked = { approval_id: string; action_hash: string }

/** Reads what an approval releases, as a key does. */
export const readRelease = (world: World, actor: KeyActor | PersonActor, { approval_id, action_hash }: Asked) =>
  as(world, actor).approvals.release({ approval_id, action_hash })
