import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'vite'
import { guardDriver } from '../server/lib/driver/guard.ts'

/**
 * Bundles one source file the way the server is built, for a process of its own: `postgres` and `drizzle-orm` inside, the
 * driver guarded unless told otherwise. Answers the path of the program.
 */
export async function bundle(
  entry: string,
  { guard = true, outDir = mkdtempSync(join(tmpdir(), 'countersign-bundle-')) } = {},
): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: guard ? [guardDriver()] : [],
    ssr: { noExternal: true, external: ['vite', '@node-rs/argon2'] },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames: '[name].mjs' } },
    },
  })
  return join(outDir, `${basename(entry, '.ts')}.mjs`)
}
