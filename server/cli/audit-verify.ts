import { readFileSync } from 'node:fs'
import type { Head } from '../audit/chain.ts'
import { headsDir, keptHead, keptHeads, keptProjects } from '../audit/heads.ts'
import { type Proof, proveNow } from '../audit/proof.ts'
import type { World } from '../world.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { projectNamed, withWorld } from './world.ts'

export type VerifyOptions = { project?: string; head?: string; json?: boolean }

/** A head that somebody kept: JSON as `GET /v1/audit/head` answers it, or a file that holds it. */
function headGiven(word: string): Head {
  try {
    return keptHead.parse(JSON.parse(word.trimStart().startsWith('{') ? word : readFileSync(word, 'utf8')))
  } catch {
    throw new CommandFault('--head takes a head as GET /v1/audit/head answers it, or a file that holds one.')
  }
}

/** Every project that has a log or had one: also those whose rows are gone, if a head of theirs was kept. */
async function projectsOf({ db: { sql }, config }: World): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from projects where purge_at is null
    union select project_id from seals where project_id not in (select id from projects) order by 1`
  return [...new Set([...rows.map(({ id }) => id), ...(await keptProjects(headsDir(config)))])]
}

function say(terminal: Terminal, id: string, proof: Proof): void {
  const { verdict, sealed, unsealed, dropped, seals } = proof
  const gone = dropped > 0 ? `, ${dropped} dropped by the retention` : ''
  terminal.out(`${id}\t${verdict}\t${sealed} entries in ${seals} seals, ${unsealed} not sealed yet${gone}`)
  for (const { sentence } of proof.faults) terminal.out(`${id}\t${sentence}`)
}

/**
 * `audit:verify`: walks the audit log of a project, or of all, with the heads kept in DATA_DIR and the one that is given.
 * Exit code 1 when anything was edited, deleted, reordered, inserted or swapped.
 */
export async function auditVerify(terminal: Terminal, options: VerifyOptions): Promise<void> {
  const given = options.head === undefined ? undefined : headGiven(options.head)
  const proofs = await withWorld(terminal, async (world) => {
    const named = options.project === undefined ? given?.project_id : await idOf(world, options.project)
    if (given && named !== given.project_id) throw new CommandFault('The head is another project’s.')
    const done: (Proof & { project_id: string })[] = []
    for (const id of named === undefined ? await projectsOf(world) : [named]) {
      const kept = await keptHeads(headsDir(world.config), id)
      const proof = await proveNow(world.db.sql, world.keys, id, given ? [...kept, given] : kept)
      if (!options.json) say(terminal, id, proof)
      done.push({ project_id: id, ...proof })
    }
    return done
  })
  const intact = proofs.every(({ verdict }) => verdict !== 'tampered')
  if (options.json) terminal.out(JSON.stringify({ intact, projects: proofs }))
  if (!intact) throw new CommandFault('The audit log was tampered with; see above.')
}

/** The id of a project; one that is gone from the database is named by its id. */
const idOf = async (world: World, nameOrId: string): Promise<string> =>
  (await keptProjects(headsDir(world.config))).includes(nameOrId)
    ? nameOrId
    : (await projectNamed(world.db.sql, nameOrId)).id
