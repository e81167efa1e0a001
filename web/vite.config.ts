import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Puts a compressed copy beside every script and sheet, once, so that no request pays for it. */
const compressed = (): Plugin => ({
  name: 'compressed',
  writeBundle({ dir = '' }, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (!/\.(js|css)$/.test(name)) continue
      const text = file.type === 'chunk' ? file.code : file.source
      writeFileSync(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }))
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text))
    }
  },
})

/**
 * Every page is an entry of its own, so that a public page never carries the code of another. The nonce below is
 * a placeholder: `server/http/pages.ts` puts a fresh one in its place in every reply.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { start: `${import.meta.dirname}/index.html`, approve: `${import.meta.dirname}/approve.html` },
    },
  },
})
