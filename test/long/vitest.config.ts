import { defineConfig } from 'vitest/config'
import usual from '../vitest.config.ts'

/** The races at their full size, and every page in every scheme at every width. */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    include: ['test/long/**/*.test.ts', 'test/pages/*access.test.ts', 'test/doors/docs.test.ts'],
    exclude: [],
    provide: { thorough: true },
  },
})
