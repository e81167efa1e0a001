import { rotateKey } from '../keys/rotated.ts'
import { keyLines } from './key-lines.ts'
import { shownKey } from './shown-key.ts'
import { CommandFault, type Terminal } from './terminal.ts'
import { change, projectNamed } from './world.ts'

export type RotateOptions = {
  project: string
  id: string
  /** Seconds. */
  grace: number
  json?: boolean
}

/** `key:rotate`: makes a key like this one with a new text and prints it, this once; the old one ends after its grace time. */
export async function keyRotate(terminal: Terminal, { project, id, grace, json }: RotateOptions): Promise<void> {
  const made = await change(terminal, async (sql, ctx) =>
    rotateKey(sql, ctx, (await projectNamed(sql, project)).id, id, grace),
  )
  if (!made) throw new CommandFault(`The project ${project} has no key ${id}.`)
  const { id: newId, ...rest } = shownKey(made)
  if (json) return terminal.out(JSON.stringify({ id: newId, key: made.key, ...rest, replaces: id }))
  for (const line of keyLines(terminal.config().publicUrl, made.key)) terminal.out(line)
}
