import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as bundle } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { packageRoot } from '../../server/lib/root.ts'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { openBrowser } from './browser.ts'
import { enter, soon } from './inside.ts'
import { payloads } from './payloads.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)
const ana = await makePerson(world, project)
const at = `/p/${project.id}/approvals`

type Read = Awaited<ReturnType<ReturnType<typeof as>['approvals']['get']>>

/** What an approval asks. */
const pick = ({ key_path, actions, info, ref_id, payload, needs, link }: Read) => ({
  ...{ key_path, actions, info, ref_id, payload, needs, link },
})

test('filters stand in the address, survive a reload, and are left with one press', async () => {
  await makeApproval(world, actor, { key_path: 'filter/one', ref_id: 'run-1' })
  await makeApproval(world, actor, { key_path: 'filter/two', ref_id: 'run-2' })
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByRole('button', { name: 'filter/one' }).waitFor()
  await page.getByLabel('Reference').fill('run-2')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'filter/one' }).waitFor({ state: 'detached' })
  expect(page.url()).toContain('ref_id=run-2')
  await page.getByLabel('Status').selectOption('executed')
  await page.getByText('No approval matches').waitFor()
  await page.reload()
  await page.getByText('No approval matches').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'filter/one' }).waitFor()
  expect(page.url()).not.toContain('?')
  await close()
})

test('more than a page is read on with a press, and every row is there once', async () => {
  const busy = await makeAsker(world)
  const person = await makePerson(world, busy.project)
  for (let n = 0; n < 53; n++) await makeApproval(world, busy.actor, { key_path: `many/${n}` })
  const { page, close } = await enter(browser, url, person, `/p/${busy.project.id}/approvals`)
  await page.getByRole('button', { name: 'Show more' }).click()
  await soon(() => page.locator('[data-row]').count()).toBe(53)
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  await close()
})

test('a drawer tells everything with what happened, is closed by the browser’s back, and gives the focus back to its row', async () => {
  const made = await makeApproval(world, actor, {
    key_path: 'drawer/one',
    info: 'Deploy **it**',
    payload: { sha: 'abc' },
  })
  const { page, close } = await enter(browser, url, ana, at)
  const row = page.getByRole('button', { name: 'drawer/one' })
  await row.click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('Approval asked for').waitFor()
  expect(await drawer.locator('strong', { hasText: 'it' }).count()).toBeGreaterThan(0)
  await drawer.getByText('abc', { exact: true }).waitFor()
  expect(page.url()).toContain(`open=${made.approval_id}`)
  await page.goBack()
  await drawer.waitFor({ state: 'detached' })
  await row.click()
  await drawer.waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('drawer/one')
  await close()
})

test('the command in the drawer asks the same again when it is run with a key', async () => {
  const { key } = await makeKey(world, project)
  const one = await makeApproval(world, actor, { key_path: 'again/one', ref_id: "it's", info: 'a\nb' })
  const { page, close } = await enter(browser, url, ana, `${at}?open=${one.approval_id}`)
  const text = (await page.locator('pre', { hasText: '-X POST' }).textContent()) ?? ''
  const reply = await new Promise<string>((resolve, reject) =>
    execFile('sh', ['-c', `${text.replace('YOUR_API_KEY', key)} -s`], (error, out) =>
      error ? reject(error) : resolve(out),
    ),
  )
  const again = JSON.parse(reply) as { approval_id: string }
  const read = await as(world, actor).approvals.get({ approval_id: again.approval_id })
  expect(read).toMatchObject({ key_path: 'again/one', ref_id: "it's", info: 'a\nb' })
  await close()
})

test('as a command line and as a TypeScript program it asks the same too, and says how it ended', async () => {
  const { key } = await makeKey(world, project)
  const one = await makeApproval(world, actor, {
    ...{ key_path: '-odd/two', ref_id: "it's", info: '-a\nb', payload: { sha: "a'b" }, match_number: true },
    actions: [
      { key: 'go', value: 'a:b\\', label: 'Go: now', style: 'primary' },
      { key: 'no', value: "don't", style: 'danger' },
    ],
  })
  const same = await as(world, actor).approvals.get({ approval_id: one.approval_id })
  const { page, close } = await enter(browser, url, ana, `${at}?open=${one.approval_id}`)
  const snippet = async (way: string, sign: string) => {
    await page.getByText(way, { exact: true }).click()
    const text = (await page.locator('pre', { hasText: sign }).textContent()) ?? ''
    return text.replace('YOUR_API_KEY', key)
  }
  // In the package, where `@countersign/sdk` finds its dependency; the name is ignored by git.
  const scratch = mkdtempSync(join(packageRoot, 'dist-copied-'))
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }))
  writeFileSync(join(scratch, 'asks.ts'), await snippet('TypeScript', 'new Client'))
  const sdk = join(packageRoot, 'clients/typescript/src/index.ts')
  await bundle({
    ...{ root: scratch, configFile: false, logLevel: 'silent', resolve: { alias: { '@countersign/sdk': sdk } } },
    ssr: { noExternal: true },
    build: { ssr: 'asks.ts', outDir: scratch, emptyOutDir: false },
  })
  const lines = [await snippet('Command line', 'countersign approve'), `node ${join(scratch, 'asks.js')}`]
  const said: string[] = []
  for (const line of lines) {
    const child = execFile('sh', ['-c', line], { cwd: packageRoot })
    let [out, err] = ['', '']
    child.stdout?.on('data', (text: string) => {
      out += text
    })
    child.stderr?.on('data', (text: string) => {
      err += text
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    const newest = async () => (await as(world, actor).approvals.list({ key_path: '-odd/two', limit: 9 })).items
    await expect.poll(async () => (await newest()).length, { timeout: 45_000 }).toBe(said.length + 2)
    await expect.poll(() => err, { timeout: 15_000 }).toContain('/a/')
    const [again] = await newest()
    expect(again).toMatchObject({ ...pick(same), status: 'pending' })
    // What it waits for; a decision would need the number that only its asker was shown.
    await as(world, actor).approvals.invalidate({ approval_id: again?.approval_id ?? '' })
    said.push(`${await ended} ${out.trim()}`)
  }
  expect(said).toEqual(['5 ', '0 invalidated undefined'])
  await close()
})

test('chosen approvals are invalidated together, after a question whose focus starts on Cancel', async () => {
  const several = await Promise.all([1, 2, 3].map((n) => makeApproval(world, actor, { key_path: `bulk/${n}` })))
  const { page, close } = await enter(browser, url, ana, at)
  for (const n of [1, 2]) await page.getByLabel(`Choose bulk/${n}`).check()
  await page.getByRole('button', { name: 'Invalidate 2…' }).click()
  await page.getByRole('dialog').waitFor()
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  await page.getByRole('button', { name: 'Invalidate 2 approvals' }).click()
  await page.getByText('2 approvals invalidated.').waitFor()
  const read = async (n: number) =>
    (await as(world, actor).approvals.get({ approval_id: several[n]?.approval_id ?? '' })).status
  expect([await read(0), await read(1), await read(2)]).toEqual(['invalidated', 'invalidated', 'pending'])
  await close()
})

test('a viewer can choose and ask nothing', async () => {
  const viewer = await makePerson(world, project, 'VIEWER')
  await makeApproval(world, actor, { key_path: 'seen/only' })
  const { page, close } = await enter(browser, url, viewer, at)
  await page.getByRole('button', { name: 'seen/only' }).waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(0)
  expect(await page.getByRole('link', { name: 'Ask for an approval' }).count()).toBe(0)
  await close()
})

test('scripts in every text of an approval run nowhere and are shown as text', async () => {
  const hostile = await makeProject(world)
  const person = await makePerson(world, hostile)
  const { page, misdeeds, close } = await enter(browser, url, person, `/p/${hostile.id}`)
  for (let from = 0; from < payloads.length; from += 30) {
    const texts = payloads.slice(from, from + 30)
    const short = (texts[0] ?? '').slice(0, 80)
    const { actor: bad } = await makeKey(world, hostile, 'write', { name: short })
    const made = await makeApproval(world, bad, {
      info: texts.join('\n\n').slice(0, 3900),
      ref_id: short,
      payload: Object.fromEntries(texts.map((text, n) => [`${n} ${text}`, text])),
      actions: texts.slice(0, 3).map((text, n) => ({ key: `k${n}`, value: text, label: text.slice(0, 80) })),
    })
    for (const path of [
      `/p/${hostile.id}?open=${made.approval_id}`,
      `/p/${hostile.id}/approvals?open=${made.approval_id}`,
    ]) {
      await page.goto(url + path)
      await page.getByRole('dialog').getByText('Fingerprint').waitFor()
      expect(await misdeeds.refused()).toEqual([])
      const found = await page.evaluate(() => document.querySelectorAll('body :is(iframe, img, object, embed)').length)
      expect(found).toBe(0)
    }
    const shown = (await page.getByRole('dialog').textContent()) ?? ''
    expect(shown).toContain(texts.at(-1))
  }
  expect(misdeeds.dialogs).toEqual([])
  expect(misdeeds.errors).toEqual([])
  expect(misdeeds.strayed.filter((address) => !address.startsWith(url))).toEqual([])
  await close()
})
