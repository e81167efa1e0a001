import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function above(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory
  const parent = dirname(directory)
  if (parent === directory) throw new Error('There is no package.json above the program.')
  return above(parent)
}

/** The package's directory, the same from the sources and from `dist/server`: migrations and pages are found from it. */
export const packageRoot: string = above(dirname(fileURLToPath(import.meta.url)))
