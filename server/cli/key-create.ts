import { holds, type Logging, type Preset, presets, type Scope, type Transport } from '../../shared/scopes.ts'
import { makeKey } from '../keys/made.ts'
import { keyLines } from './key-lines.ts'
import { shownKey } from './shown-key.ts'
import type { Terminal } from './terminal.ts'
import { change, projectNamed } from './world.ts'

export type KeyOptions = {
  project: string
  preset: Preset
  name?: string
  description?: string
  transports: Transport[]
  keyPaths?: string[]
  accountTag?: string[]
  ipAllowlist?: string[]
  logging?: Logging
  /** Seconds. */
  expiresIn?: number
  json?: boolean
}

/** `key:create`: makes an API key and prints its text, this once. */
export async function keyCreate(terminal: Terminal, options: KeyOptions): Promise<void> {
  const { scopes, env } = presets[options.preset]
  const made = await change(terminal, async (sql, ctx) => {
    const { id: projectId } = await projectNamed(sql, options.project)
    return makeKey(sql, ctx, {
      projectId,
      name: options.name ?? `${options.preset} key`,
      description: options.description ?? '',
      scopes,
      env,
      keyPaths: options.keyPaths ?? null,
      accountTags: options.accountTag ?? null,
      ipAllowlist: options.ipAllowlist ?? null,
      transports: options.transports,
      logging: options.logging ?? 'none',
      lifetime: options.expiresIn ?? null,
    })
  })
  const { id, ...rest } = shownKey(made)
  if (options.json) return terminal.out(JSON.stringify({ id, key: made.key, ...rest }))
  const url = terminal.config().publicUrl
  const request = tryOut(scopes, url, made.key, `${options.keyPaths?.[0] ?? 'deploy'}/prod`)
  for (const line of [...keyLines(url, made.key), ...(request ? ['', 'Try it while the server runs:', request] : [])])
    terminal.out(line)
}

/** A request that the key may make; none for a key that has nothing to try yet. */
function tryOut(scopes: readonly Scope[], url: string, key: string, path: string) {
  if (holds(scopes, 'approvals:write')) return approvalRequest(url, key, path)
  return holds(scopes, 'values:read') ? readRequest(url, key, path) : undefined
}

const readRequest = (url: string, key: string, path: string) =>
  `curl -H 'Authorization: Bearer ${key}' ${url}/v1/key/${path}`

const approvalRequest = (url: string, key: string, path: string) =>
  `curl -X POST ${url}/v1/approvals -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '${JSON.stringify({ key_path: path, value: 'approved', initial_value: 'pending', info: 'May I?' })}'`
