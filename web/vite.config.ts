import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

/** Puts a compressed copy beside every script, sheet and WebAssembly module, once, so that no request pays for it. */
const compressed = (): Plugin => ({
  name: 'compressed',
  writeBundle({ dir = '' }, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (!/\.(js|css|wasm)$/.test(name)) continue
      const text = file.type === 'chunk' ? file.code : file.source
      writeFileSync(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }))
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(text))
    }
  },
})

/** What both builds have in common. The nonce is a placeholder: `server/http/pages.ts` puts a fresh one in its place in every reply. */
export const pagesConfig = (input: Record<string, string>, assetsDir: string): UserConfig => ({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    assetsDir,
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input },
  },
})

const page = (name: string) => `${import.meta.dirname}/${name}.html`

/** The public pages; each is an entry of its own, so that none carries the code of another. */
export default defineConfig(
  pagesConfig(
    {
      start: page('index'),
      approve: page('approve'),
      share: page('share'),
      secret: page('secret'),
      receipt: page('receipt'),
      answer: page('answer'),
    },
    'assets',
  ),
)
