import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { guardDriver } from '../server/lib/driver/guard.ts'

/** What would make the usual run longer than ten minutes on two cores; `npm run test:long` has it, and CI runs both. */
export const forTheLongRun = [
  'test/pages/{dashboard,work}-access.test.ts',
  'test/pages/{account,audit-page,join,log-page,new-approval,palette,people,settings,values-page}.test.ts',
  'test/faults/mail-kill.test.ts',
]

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [guardDriver()],
  test: {
    include: ['test/*.test.ts', 'test/{rules,verbs,doors,pages,faults}/**/*.test.ts'],
    exclude: forTheLongRun,
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
