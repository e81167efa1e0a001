import { defineConfig } from 'vitest/config'
import usual, { forTheLongRun } from '../vitest.config.ts'

/** The races at their full size, the dashboard's pages one by one, and every page in every scheme at every width. */
export default defineConfig({
  ...usual,
  test: {
    ...usual.test,
    include: ['test/long/**/*.test.ts', ...forTheLongRun, 'test/pages/access.test.ts', 'test/doors/docs.test.ts'],
    exclude: [],
    provide: { thorough: true },
  },
})
