import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freshSetupLink } from '../../server/setup/owner.ts'
import { githubUser, startGithub } from '../github.ts'
import { serve } from '../serve.ts'
import { goodPassword } from '../sign-in.ts'
import { armed, openBrowser, shows, visit } from './browser.ts'

const browser = await openBrowser()
const run = promisify(execFile)

const linkOf = async (world: Parameters<typeof freshSetupLink>[0]) => (await freshSetupLink(world)) ?? ''

test('from the set-up link to the first answered request: each step ticks itself', async () => {
  const { world, url } = await serve()
  const { page, context, misdeeds, close } = await visit(browser, await linkOf(world))
  await shows(page, 'Set up Countersign')
  expect(page.url()).toBe(`${url}/setup`)
  await page.getByText(`Links will begin with ${url}, and your address is seen as 127.0.0.1.`).waitFor()

  await page.getByLabel('Your name').fill('Ana Silva')
  await page.getByLabel('E-mail address').fill('ana@example.com')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByLabel('First project').fill('Webshop')
  await page.getByRole('button', { name: 'Create account and project' }).click()
  await page.getByText('Must be at least 12 characters.').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.reload()
  await shows(page, 'Set up Countersign')
  await page.getByLabel('Your name').fill('Ana Silva')
  await page.getByLabel('E-mail address').fill('ana@example.com')
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByLabel('First project').fill('Webshop')
  await page.getByRole('button', { name: 'Create account and project' }).click()

  await shows(page, 'Your first approval')
  await page.getByRole('button', { name: 'Generate the key' }).click()
  await page.getByText('Keep it now: it is not shown again.').waitFor()
  await page.getByText('Waiting for the call…').waitFor()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy the lines for an .env file' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    new RegExp(`^COUNTERSIGN_URL=${url}\\nCOUNTERSIGN_API_KEY=otw_[A-Za-z0-9]{20,}$`),
  )
  await page.getByRole('button', { name: 'Copy the command that asks for an approval' }).click()
  const command = await page.evaluate(() => navigator.clipboard.readText())
  const { stdout } = await run('sh', ['-c', command.replace('curl ', 'curl -s ')])
  const made = JSON.parse(stdout) as { url: string }
  await page.getByText('This page notices.').waitFor()
  expect(await page.locator('li[data-state=done]').count()).toBe(2)

  const approval = await context.newPage()
  await approval.goto(made.url)
  await shows(approval, 'Your decision on')
  await armed(approval)
  await approval
    .getByRole('button', { name: /approve/i })
    .first()
    .click()
  await shows(approval, 'You answered')
  await page.getByText('This reads it, as your automation would:').waitFor()
  expect(await page.locator('li[data-state=done]').count()).toBe(3)
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  expect(await misdeeds.refused()).toEqual([])

  await page.reload()
  await page.getByText('The key was shown when it was made, and never again.').waitFor()
  await close()
})

test('a used set-up link leads to the sign-in, and an instance without one says where to look', async () => {
  const { world, url } = await serve()
  const { page, close } = await visit(browser, `${url}/setup`)
  await shows(page, 'Open the set-up link')
  await page.goto('about:blank')
  await page.goto(`${url}/setup#0123456789ABCDEFGHJKMNPQRS`)
  await page.getByLabel('Your name').fill('Ana Silva')
  await page.getByLabel('E-mail address').fill('ana@example.com')
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByLabel('First project').fill('Webshop')
  await page.getByRole('button', { name: 'Create account and project' }).click()
  await page.getByRole('alert').waitFor()
  expect(await world.db.sql`select 1 from people`).toHaveLength(0)
  await world.db.sql`
    insert into people (id, name, email, email_verified, runs_instance)
    values ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'Bo', 'bo@example.com', true, true)`
  await page.goto(`${url}/setup`)
  await shows(page, 'This instance is set up already')
  await page.goto(url)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await shows(page, 'Sign in')
  await close()
})

test('GitHub: from the button to the first project and its API key (seed 0, steps 1 and 2)', async () => {
  const github = await startGithub()
  const { world, url } = await serve(github.variables)
  github.as(githubUser('ana@example.com', { name: 'Ana Silva' }))
  const { page, close } = await visit(browser, await linkOf(world))
  await page.getByRole('button', { name: 'Set up with GitHub' }).click()
  await shows(page, 'Create your first project')
  await page.getByLabel('Name').fill('Webshop')
  await page.getByRole('button', { name: 'Create project' }).click()
  await shows(page, 'Your first approval')
  await page.getByRole('button', { name: 'Generate the key' }).click()
  await page.getByText('Keep it now: it is not shown again.').waitFor()
  expect(await world.db.sql`select email, runs_instance from people`).toEqual([
    { email: 'ana@example.com', runs_instance: true },
  ])

  await page.context().clearCookies()
  await page.goto(`${url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with GitHub' }).click()
  await shows(page, 'Inbox')
  await close()
})

test('GitHub: somebody who was not invited, and somebody who said no there, are told why', async () => {
  const github = await startGithub()
  const { world, url } = await serve(github.variables)
  await world.db.sql`
    insert into people (id, name, email, email_verified, runs_instance)
    values ('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'Bo', 'bo@example.com', true, true)`
  const { page, close } = await visit(browser, `${url}/sign-in`)
  github.as(githubUser('mallory@example.com'))
  await page.getByRole('button', { name: 'Sign in with GitHub' }).click()
  await page.getByText('New accounts need an invitation here; ask an admin for one.').waitFor()
  github.as(undefined)
  await page.goto(`${url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with GitHub' }).click()
  await page.getByText('GitHub did not confirm this sign-in').waitFor()
  await close()
})

test('a project is made by who may, and a name that is taken is said at its field', async () => {
  const { world } = await serve()
  const { page, close } = await visit(browser, await linkOf(world))
  await page.getByLabel('Your name').fill('Ana Silva')
  await page.getByLabel('E-mail address').fill('ana@example.com')
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByLabel('First project').fill('Webshop')
  await page.getByRole('button', { name: 'Create account and project' }).click()
  await shows(page, 'Your first approval')
  await page.getByRole('button', { name: 'Project Webshop; choose another' }).click()
  await page.getByRole('menuitem', { name: 'New project' }).click()
  await shows(page, 'New project')
  await page.getByLabel('Name').fill('Webshop')
  await page.getByRole('button', { name: 'Create project' }).click()
  await page.getByText('This name is taken; choose another.').waitFor()
  await page.getByLabel('Name').fill('Warehouse')
  await page.getByRole('button', { name: 'Create project' }).click()
  await shows(page, 'Your first approval')
  await page.getByRole('button', { name: 'Project Warehouse; choose another' }).click()
  await page.getByRole('menuitemcheckbox', { name: /^Webshop/ }).click()
  await page.getByRole('button', { name: 'Project Webshop; choose another' }).waitFor()
  await close()
})
