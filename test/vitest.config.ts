import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { guardDriver } from '../server/lib/driver/guard.ts'

/** What would make the usual run longer than ten minutes on two cores; `npm run test:long` has it, and CI runs both. */
export const forTheLongRun = [
  'test/pages/{access,dashboard-access,secret-access,work-access}.test.ts',
  'test/doors/{build,action-broken,cli-permission,cli-restart,cli-rotate,docs,files,mcp-restart}.test.ts',
  'test/doors/{recipes-n8n,sdk-browser,sdk-package,slow}.test.ts',
  'test/pages/{account,account-forms,account-panel,approvals-page,audit-page,inbox,join,keys-page,log-page,new-approval,palette,people}.test.ts',
  'test/pages/{agents,policies,request-ends,request-page,requests}.test.ts',
  'test/pages/{codes-many,codes-page,import,passkeys,secret-disk,secrets-page,settings,test-mode,values-page}.test.ts',
  'test/pages/{connections,kept,passkey-decide,quorum,release-page}.test.ts',
  'test/pages/{by-name,ends,fields,hostile,receipt-answer,secret-ends,secret-hostile}.test.ts',
  'test/faults/{crash,driver,embedded,files,mail-kill,secret-rest,webhook-kill}.test.ts',
  'test/{verbs/webhooks-delivery,verbs/webhooks-ends,doors/traces,faults/quorum-race,faults/receipt-race,rules/archive}.test.ts',
]

/** What every run has in common. */
export const every = defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [guardDriver()],
  test: {
    pool: 'forks',
    // Each has a process, a database and often a browser of its own.
    // More than the two cores: much of a test is waiting for one of them.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Through Vite, so that the guard is put in: left outside, the driver would come from node_modules as it is.
    server: { deps: { inline: ['postgres', /drizzle-orm/] } },
  },
})

export default defineConfig({
  ...every,
  test: {
    ...every.test,
    // Once for both: projects see what the root provides.
    globalSetup: ['test/template.ts'],
    provide: { thorough: false },
    projects: [
      {
        ...every,
        test: {
          ...every.test,
          name: 'verbs',
          include: ['test/{rules,verbs}/**/*.test.ts'],
          exclude: forTheLongRun,
          // One process after the other takes its files: what is loaded is loaded once. Each file still has a database and
          // worlds of its own; nothing of the server's is kept in a module.
          isolate: false,
        },
      },
      {
        ...every,
        test: {
          ...every.test,
          name: 'pages',
          include: ['test/pages/**/*.test.ts'],
          exclude: forTheLongRun,
          // As above: the browser and the server's modules are loaded once for a process.
          isolate: false,
        },
      },
      {
        ...every,
        test: {
          ...every.test,
          name: 'doors',
          include: ['test/*.test.ts', 'test/{doors,faults}/**/*.test.ts'],
          exclude: forTheLongRun,
        },
      },
    ],
  },
})
