import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { patches } from './hunks.ts'

const driverFile = /\/node_modules\/postgres\/src\/(\w+\.js)$/

/**
 * The text of one driver file with the guard put in. Throws when it is not the text the guard was written for.
 * @param file name under `node_modules/postgres/src`
 */
export function guarded(file: string, text: string): string {
  const patch = patches[file]
  if (!patch) return text
  if (createHash('sha256').update(text).digest('hex') !== patch.sha256) {
    throw new Error(
      `The postgres driver's src/${file} is not the text of version 3.4.9 that the guard was written for. ` +
        'Pin postgres to 3.4.9, or read its changes and renew server/lib/driver/hunks.ts.',
    )
  }
  return patch.hunks.reduce((whole, { find, put }) => {
    const parts = whole.split(find)
    if (parts.length !== 2) throw new Error(`A hunk of the driver guard does not fit src/${file}:\n${find}`)
    return parts.join(put)
  }, text)
}

/**
 * Vite plugin: puts the guard into the postgres driver while it is bundled (build) or inlined (vitest). Nothing is
 * written to node_modules. Fails the build when the driver is another version.
 */
export function guardDriver(): Plugin {
  return {
    name: 'countersign:guard-driver',
    enforce: 'pre',
    transform(_code, id) {
      const path = (id.split('?')[0] ?? id).replaceAll('\\', '/')
      const file = driverFile.exec(path)?.[1]
      if (!file || !patches[file]) return null
      // From the disk: what other plugins made of it would have another fingerprint.
      return { code: guarded(file, readFileSync(path, 'utf8')), map: null }
    },
  }
}
