import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * Every page is an entry of its own, so that a public page never carries the code of another. The nonce below is
 * a placeholder: `server/http/pages.ts` puts a fresh one in its place in every reply.
 */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
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
