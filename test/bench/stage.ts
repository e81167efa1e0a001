import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ulid } from 'ulid'
import { systemCtx } from '../../server/context.ts'
import { readEnv } from '../../server/env.ts'
import { makeKey } from '../../server/keys/made.ts'
import { openLog } from '../../server/lib/log.ts'
import { makeProject } from '../../server/projects/project.ts'
import { makeSecret, withKeys } from '../../server/secrets/fresh.ts'
import { openWorld, type World } from '../../server/world.ts'
import { presets } from '../../shared/scopes.ts'
import { makeAccount } from '../accounts.ts'
import { makeAgent } from '../agents.ts'
import { makePerson } from '../people.ts'
import { sealByHand } from './codes-by-hand.ts'
import { type Running, startClient, startLimit, startServer } from './processes.ts'
import type { Player } from './slices.ts'
import { accountsOf, pathCount, pathOf, type Side, secretTtl } from './units.ts'

/** What the cases play on: one Postgres, our server and the limit on it, a process that makes load. */
export type Stage = {
  root: string
  world: World
  projectId: string
  key: string
  /** The test key of an agent. */
  testKey: string
  /** The cookie of a signed-in person of the project. */
  session: string
  client: ReturnType<typeof startClient>
  ours: Running
  limit: Running
  /** Starts one more server of a side on the same database. */
  another(side: Side): Promise<Running>
  env: Record<string, string>
  player(side: Side): Player
  close(): Promise<void>
}

/** The pool of each server; the same for both sides. */
const connections = 10

export type StageOptions = {
  /** The checkout whose server is measured. */
  root: string
  /** Another checkout, whose server takes the limit's place: what a change is worth. */
  beside?: string | undefined
  /** Where our server leaves its CPU profile when it stops. */
  profile?: string | undefined
}

export async function openStage({ root, beside, profile }: StageOptions): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  chmodSync(dataDir, 0o755) // the database of root runs as another account
  const env = { DATA_DIR: dataDir, MASTER_KEY: '0f'.repeat(32), RATE_LIMITS: '*=100000000/60', LOG_LEVEL: 'warn' }
  const world = await openWorld({ config: readEnv(env, () => ''), log: openLog('silent') })
  const { projectId, key, testKey, session } = await fill(world)
  const ours = await startServer(root, env, profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])
  const another = (side: Side) => {
    if (side === 'ours') return startServer(root, env)
    return beside ? startServer(beside, env) : startLimit({ address: world.address, projectId, connections })
  }
  const limit = await another('limit')
  const client = startClient()
  return {
    ...{ root, world, projectId, key, testKey, session, client, ours, limit, another, env },
    player: (side) => ({
      ...{ ours, limit }[side],
      ...{ key, testKey, session, project: projectId },
      side: beside ? 'ours' : side,
    }),
    async close() {
      await client.stop()
      await Promise.all([ours.stop(), limit.stop()])
      await world.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A project with a key, a signed-in person, and the values that are read. */
async function fill(world: World): Promise<Pick<Stage, 'projectId' | 'key' | 'testKey' | 'session'>> {
  const { sql } = world.db
  const ctx = systemCtx(world, 'bench')
  const project = await makeProject(sql, ctx, 'bench')
  if (!project) throw new Error('The project is there already.')
  const { key } = await makeKey(sql, ctx, {
    projectId: project.id,
    name: 'bench',
    ...presets.write,
    scopes: [...presets.write.scopes, 'accounts:codes'],
    keyPaths: null,
    transports: ['header'],
    lifetime: null,
  })
  const rows = Array.from({ length: pathCount }, (_, n) => ({
    project_id: project.id,
    key_path: pathOf(n),
    id: ulid(),
    value: 'approved',
    version: 1,
    updated_by: { type: 'key', id: null, name: 'bench' },
  }))
  await sql`insert into "values" ${sql(rows)}`
  await fillAccounts(world, project)
  const { key: testKey } = await makeAgent(world, project, { env: 'test' })
  const { cookie: session } = await makePerson(world, project)
  // Nobody reads it, so its epoch stands, which secrets of either side refer to.
  const kept = {
    projectId: project.id,
    custid: 'bench',
    content: 'kept',
    encryptedBy: 'server',
    ttl: secretTtl,
  } as const
  await withKeys(world, secretTtl, () => makeSecret(sql, ctx, kept))
  return { projectId: project.id, key, testKey, session }
}

/** The accounts whose codes are asked for, for each side as it keeps seeds. */
async function fillAccounts(world: World, project: { id: string }): Promise<void> {
  for (const id of accountsOf('ours')) await makeAccount(world, project, { id, seed: randomBytes(20) })
  for (const id of accountsOf('limit')) {
    const { seed } = await makeAccount(world, project, { id, seed: randomBytes(20) })
    await world.db.sql`update accounts set seed = ${sealByHand(seed)} where id = ${id}`
  }
}
