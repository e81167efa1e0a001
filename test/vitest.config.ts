import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { guardDriver } from '../server/lib/driver/guard.ts'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [guardDriver()],
  test: {
    include: ['test/*.test.ts', 'test/{rules,verbs,doors,pages,faults}/**/*.test.ts'],
    // Every page and dialog of the dashboard through axe takes minutes: `npm run test:long`, which CI runs as well.
    exclude: ['test/pages/{dashboard,work}-access.test.ts'],
    globalSetup: ['test/template.ts'],
    pool: 'forks',
    // Each has a process, a database and often a browser of its own.
    // More than the two cores: much of a test is waiting for one of them.
    maxWorkers: 3,
    provide: { thorough: false },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Through Vite, so that the guard is put in: left outside, the driver would come from node_modules as it is.
    server: { deps: { inline: ['postgres', /drizzle-orm/] } },
  },
})
