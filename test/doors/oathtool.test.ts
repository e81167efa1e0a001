import { execFile, spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { base32Of } from '../../server/lib/totp.ts'
import { algorithms } from '../../shared/totp.ts'
import { makeAccount } from '../accounts.ts'
import { as } from '../as.ts'
import { makeKey, makeProject } from '../make.ts'
import { testWorld } from '../serve.ts'
import { often } from '../thorough.ts'

const run = promisify(execFile)
const installed = spawnSync('oathtool', ['--version']).status === 0
/** What the world's clock says, in seconds since 1970. */
let at = 0
const world = await testWorld({}, { clock: { now: () => new Date(at * 1000) } })
const cases = often(100, 2000)
const title = `${cases} random seeds, times, digits, periods and hashes give the codes of Debian’s oathtool`

const pick = <One>(all: readonly [One, ...One[]]): One => all[randomInt(all.length)] ?? all[0]

/** A recipe, a seed of any length that is taken, and a second between 1970 and 2242. */
const anyCase = () => ({
  seed: randomBytes(10 + randomInt(119)),
  algorithm: pick(algorithms),
  digits: pick([6, 7, 8]),
  period: pick([15, 30, 60, 15 + randomInt(106)]),
  at: randomInt(2 ** 33),
})

/** What oathtool says of the code and of the next one; it takes a window of so many more. */
async function saidByOathtool({ seed, algorithm, digits, period, at }: ReturnType<typeof anyCase>) {
  const recipe = [`--totp=${algorithm.toLowerCase()}`, '-d', `${digits}`, '-s', `${period}s`, '-N', `@${at}`]
  const { stdout } = await run('oathtool', [...recipe, '-w', '1', '-b', base32Of(seed)])
  return stdout.trim().split('\n')
}

test.skipIf(!installed)(
  installed ? title : `${title} (skipped: oathtool is not installed)`,
  async () => {
    const project = await makeProject(world)
    const { actor } = await makeKey(world, project, 'read', { scopes: ['accounts:codes'] })
    const { codes } = as(world, actor).accounts
    for (let done = 0; done < cases; done += 8) {
      const batch = Array.from({ length: Math.min(8, cases - done) }, anyCase)
      const expected = await Promise.all(batch.map(saidByOathtool))
      for (const [n, one] of batch.entries()) {
        const { id } = await makeAccount(world, project, one)
        at = one.at
        const [item] = (await codes({ ids: id })).items
        const { seed, ...told } = one
        expect([item?.code, item?.next_code], JSON.stringify({ ...told, seed: seed.toString('hex') })).toEqual(
          expected[n],
        )
      }
    }
  },
  300_000,
)
