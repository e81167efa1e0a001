import { defineConfig } from 'vitest/config'
import { every } from '../vitest.config.ts'

/** Clients that others' generators make of `openapi.json`, in languages whose toolchains may not be here. */
export default defineConfig({
  ...every,
  test: { ...every.test, globalSetup: ['test/template.ts'], include: ['test/clients/**/*.test.ts'] },
})
