import { defineConfig } from 'vitest/config'
import { every } from '../vitest.config.ts'
import { drills } from './vitest.config.ts'

/** Whole systems: the deploy page's files as they are, and a database that fails over. One after the other. */
export default defineConfig({
  ...every,
  test: {
    ...every.test,
    globalSetup: ['test/template.ts'],
    provide: { thorough: true },
    include: drills,
    maxWorkers: 1,
  },
})
