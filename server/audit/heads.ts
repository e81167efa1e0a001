import { appendFile, mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../env.ts'
import type { Head } from './chain.ts'

/** A head as a file or a person brings it back. */
export const keptHead = z.strictObject({
  project_id: z.string(),
  number: z.number().int().positive(),
  total: z.number().int(),
  head: z.string(),
  at: z.string(),
  signature: z.string(),
  public_key: z.string(),
})

/** Where heads are kept outside of the database. */
export const headsDir = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'audit-heads')

const newestFile = (dir: string, projectId: string) => join(dir, `${projectId}.json`)
const historyFile = (dir: string, projectId: string) => join(dir, `${projectId}.ndjson`)

const textIn = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })

/** Heads in a text, one on each line; a line that a crash cut short is no head. */
function headsIn(text: string): Head[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [keptHead.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}

/** The newest head that is kept of a project. */
export const newestKept = async (dir: string, projectId: string): Promise<Head | undefined> =>
  headsIn(await textIn(newestFile(dir, projectId)))[0]

/** Every head that is kept of a project: the newest, and one for each hour. */
export async function keptHeads(dir: string, projectId: string): Promise<Head[]> {
  const texts = await Promise.all([historyFile, newestFile].map((file) => textIn(file(dir, projectId))))
  return texts.flatMap(headsIn)
}

/** Projects of which a head is kept. */
export async function keptProjects(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.flatMap((name) => /^([0-9A-Z]{26})\.json$/.exec(name)?.[1] ?? [])
}

async function writeSynced(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

/** Keeps a head as the newest of its project; whole or not at all, and on the disk when this resolves. */
export async function keepNewest(dir: string, head: Head): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await writeSynced(newestFile(dir, head.project_id), `${JSON.stringify(head)}\n`)
}

/** Adds a head to the ones that are kept for good. */
export const keepForGood = (dir: string, head: Head): Promise<void> =>
  appendFile(historyFile(dir, head.project_id), `${JSON.stringify(head)}\n`, { mode: 0o600, flush: true })
