import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { githubUser, startGithub } from '../github.ts'
import { makeProject } from '../make.ts'
import { ownerOf } from '../owner.ts'
import { serve } from '../serve.ts'
import { goodPassword, makeAccount } from '../sign-in.ts'
import { openBrowser, shows, visit } from './browser.ts'
import { enter } from './inside.ts'

const github = await startGithub()
const { world, url } = await serve(github.variables)
const owner = ownerOf(world)
const project = await makeProject(world, 'Webshop')
const ana = await makeAccount(world, project, 'OWNER', { name: 'Ana Silva' })
const browser = await openBrowser()

const inviting = as(world, ana.actor)

/** An invitation, with its link. */
const invite = async (email: string, role = 'MEMBER') => {
  const { url: link = '', id } = await inviting.users.invite({ email, role })
  return { link, id }
}

test('somebody new joins with a password, and lands in the project', async () => {
  const { link } = await invite('bo@example.com')
  const { page, misdeeds, close } = await visit(browser, link)
  await shows(page, 'Join Webshop')
  expect(page.url()).toBe(`${url}/join`)
  await page.getByText(/Ana Silva invites bo@example\.com as MEMBER: Decides and asks for approvals/).waitFor()
  await page.getByLabel('Your name').fill('Bo Lind')
  await page.getByLabel('Password', { exact: true }).fill('password1234')
  await page.getByRole('button', { name: 'Create account and join' }).click()
  await page.locator('.mantine-InputWrapper-error').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByRole('button', { name: 'Create account and join' }).click()
  await page.waitForURL(`${url}/p/${project.id}`)
  await page.getByRole('button', { name: 'Account of Bo Lind' }).waitFor()
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [], strayed: [] })
  await page.goto('about:blank')
  await page.goto(link)
  await shows(page, 'This invitation is over')
  await close()
})

test('somebody new joins with GitHub, and lands in the project without a password', async () => {
  const { link } = await invite('gil@example.com')
  github.as(githubUser('gil@example.com', { name: 'Gil Roth' }))
  const { page, misdeeds, close } = await visit(browser, link)
  await page.getByRole('button', { name: 'Join with GitHub' }).click()
  await page.getByRole('button', { name: 'Account of Gil Roth' }).waitFor()
  expect(page.url()).toBe(`${url}/p/${project.id}`)
  expect(
    await world.db.sql`
      select m.role, i.provider_id from people p join memberships m on m.person_id = p.id join identities i on i.person_id = p.id
      where p.email = 'gil@example.com' and m.project_id = ${project.id}`,
  ).toEqual([{ role: 'MEMBER', provider_id: 'github' }])
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('somebody who is another one at GitHub, or says no there, comes back to the invitation and joins nothing', async () => {
  const { link } = await invite('hal@example.com')
  const { page, close } = await visit(browser, link)
  for (const who of [githubUser('mallory@example.com'), undefined]) {
    github.as(who)
    await page.getByRole('button', { name: 'Join with GitHub' }).click()
    await page.waitForURL(/\/join\?error=/)
    await shows(page, 'Join Webshop')
    await page.getByRole('alert').first().waitFor()
  }
  expect(await world.db.sql`select 1 from people where email in ('hal@example.com', 'mallory@example.com')`).toEqual([])
  await close()
})

test('somebody who has an account signs in and accepts', async () => {
  const other = await makeProject(world)
  const chi = await makeAccount(world, other, 'OWNER', { name: 'Chi Nguyen', email: 'chi@example.com' })
  const { link } = await invite(chi.email, 'ADMIN')
  const { page, close } = await visit(browser, link)
  await page.getByText('Sign in as chi@example.com to accept.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail address').fill(chi.email)
  await page.getByLabel('Password', { exact: true }).fill(goodPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await shows(page, 'Join Webshop')
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.waitForURL(`${url}/p/${project.id}`)
  expect(
    await world.db.sql`select role from memberships where person_id = ${chi.id} and project_id = ${project.id}`,
  ).toEqual([{ role: 'ADMIN' }])
  await close()
})

test('an invitation for another address than the one signed in with is not accepted', async () => {
  const { link } = await invite('dee@example.com')
  const { page, close } = await enter(browser, url, ana, `/join${link.slice(link.indexOf('#'))}`)
  await page.getByText('This invitation is for another address').waitFor()
  expect(await page.getByRole('button', { name: 'Join', exact: true }).count()).toBe(0)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Create account and join' }).waitFor()
  await close()
})

test('a revoked, an expired, an unknown and a cut link say what to do', async () => {
  const revoked = await invite('eve@example.com')
  await inviting.users.uninvite({ invitationId: revoked.id })
  const expired = await invite('flo@example.com')
  await owner`update invitations set expires_at = now() - interval '1 minute' where id = ${expired.id}`
  const { page, close } = await visit(browser, 'about:blank')
  for (const [link, heading] of [
    [revoked.link, 'This invitation is over'],
    [expired.link, 'This invitation is over'],
    [`${url}/join#0123456789ABCDEFGHJKMNPQRS`, 'There is no such invitation'],
  ] as const) {
    await page.goto('about:blank')
    await page.goto(link)
    await shows(page, heading)
  }
  const cut = await visit(browser, `${url}/join#0123`)
  await shows(cut.page, 'This link is not complete')
  await cut.close()
  await close()
})
