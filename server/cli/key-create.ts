import { type Preset, presets, type Transport } from '../../shared/scopes.ts'
import { makeKey } from '../keys/key.ts'
import { shownKey } from './shown-key.ts'
import type { Terminal } from './terminal.ts'
import { change, projectNamed } from './world.ts'

export type KeyOptions = {
  project: string
  preset: Preset
  name?: string
  transports: Transport[]
  keyPaths?: string[]
  /** Seconds. */
  expiresIn?: number
  json?: boolean
}

/** `key:create`: makes an API key and prints its text, this once. */
export async function keyCreate(terminal: Terminal, options: KeyOptions): Promise<void> {
  const { prefix, scopes } = presets[options.preset]
  const made = await change(terminal, async (sql, ctx) => {
    const { id: projectId } = await projectNamed(sql, options.project)
    return makeKey(sql, ctx, {
      projectId,
      name: options.name ?? `${options.preset} key`,
      prefix,
      scopes,
      keyPaths: options.keyPaths ?? null,
      transports: options.transports,
      lifetime: options.expiresIn ?? null,
    })
  })
  const { id, ...rest } = shownKey(made)
  if (options.json) return terminal.out(JSON.stringify({ id, key: made.key, ...rest }))
  const url = terminal.config().publicUrl
  const path = `${options.keyPaths?.[0] ?? 'deploy'}/prod`
  for (const line of [
    made.key,
    '',
    'This key is shown once. As lines of a .env file:',
    `COUNTERSIGN_URL=${url}`,
    `COUNTERSIGN_API_KEY=${made.key}`,
    '',
    'Try it while the server runs:',
    options.preset === 'read' ? readRequest(url, made.key, path) : approvalRequest(url, made.key, path),
  ])
    terminal.out(line)
}

const readRequest = (url: string, key: string, path: string) =>
  `curl -H 'Authorization: Bearer ${key}' ${url}/v1/key/${path}`

const approvalRequest = (url: string, key: string, path: string) =>
  `curl -X POST ${url}/v1/approvals -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ key_path: path, value: 'approved', initial_value: 'pending', info: 'May I?' })}'`
