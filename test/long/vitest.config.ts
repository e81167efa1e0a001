import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { every, forTheLongRun } from '../vitest.config.ts'

/** They drive several servers at a steady pace, which what runs beside them would disturb: one after the other, at the end. */
const alone = ['test/long/{linearizable,nodes,rolling}.test.ts']

/** `npm run test:drills` has these: they install and fail over whole systems. */
export const drills = ['test/long/{deploy,failover}.test.ts']

const tests = fileURLToPath(new URL('..', import.meta.url))

/** What does more in this run says so in its text: it asks how often, or for axe in every look. A list had forgotten some. */
const asksForMore = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => /inject\('thorough'\)|\/(thorough|axe)\.ts'/.test(readFileSync(join(tests, path), 'utf8')))
  .map((path) => `test/${path}`)

const wanted = [...asksForMore, ...forTheLongRun]
const isPage = (path: string) => path.startsWith('test/pages/')

/** The races at their full size, each repetition as often as it was asked for, and every page in every scheme at every width. */
export default defineConfig({
  ...every,
  test: {
    ...every.test,
    globalSetup: ['test/template.ts'],
    provide: { thorough: true },
    projects: [
      { ...every, test: { ...every.test, name: 'pages', include: wanted.filter(isPage), isolate: false } },
      {
        ...every,
        test: {
          ...every.test,
          name: 'long',
          include: ['test/long/**/*.test.ts', ...wanted.filter((path) => !isPage(path))],
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
