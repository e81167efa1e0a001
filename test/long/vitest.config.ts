import { defineConfig } from 'vitest/config'
import { every, forTheLongRun } from '../vitest.config.ts'

/** They drive several servers at a steady pace, which what runs beside them would disturb: one after the other, at the end. */
const alone = ['test/long/{linearizable,nodes,rolling}.test.ts']

/** `npm run test:drills` has these: they install and fail over whole systems. */
export const drills = ['test/long/{deploy,failover}.test.ts']

/** The races at their full size, each repetition as often as it was asked for, and every page in every scheme at every width. */
export default defineConfig({
  ...every,
  test: {
    ...every.test,
    globalSetup: ['test/template.ts'],
    provide: { thorough: true },
    projects: [
      { ...every, test: { ...every.test, name: 'pages', include: ['test/pages/**/*.test.ts'], isolate: false } },
      {
        ...every,
        test: {
          ...every.test,
          name: 'long',
          include: [
            ...['test/long/**/*.test.ts', ...forTheLongRun.filter((path) => !path.startsWith('test/pages/'))],
            // Those that ask how often (`test/thorough.ts`).
            ...[
              'test/doors/{docs,fuzz,oathtool}.test.ts',
              'test/faults/{account-rest,account-rotation,crash,pin,secret-race,secret-rotation}.test.ts',
              'test/verbs/{accounts-codes,clock,once,secrets-make,secrets-read,secrets-tries}.test.ts',
            ],
          ],
          exclude: [...alone, ...drills],
        },
      },
      {
        ...every,
        test: { ...every.test, name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
