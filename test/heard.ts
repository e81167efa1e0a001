import type { World } from '../server/world.ts'

/** Until a node has heard everything that was said so far: what the last NOTIFY said is heard before what is said next. */
export async function heardAll(node: World): Promise<void> {
  const topic = `test ${Math.random()}`
  const { changed } = node.wake.next(topic, 10_000, new AbortController().signal)
  await node.db.sql`select pg_notify('changes', ${topic})`
  if (!(await changed)) throw new Error('A NOTIFY was not heard.')
}
