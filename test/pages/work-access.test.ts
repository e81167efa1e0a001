import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker, makeKey, makeProject } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { project, actor, id: keyId, key } = await makeAsker(world)
const ana = await makePerson(world, project)
const bare = await makeProject(world)
const bob = await makePerson(world, bare)
const viewer = await makePerson(world, project, 'VIEWER', { name: 'Vic' })

const asked = await makeApproval(world, actor, {
  key_path: 'a-long-first-segment/with-a-very-long-second-segment-that-has-no-place-to-break-at-all/prod',
  info: 'Deploy **v2**, see https://example.com/notes\n\n- one',
  ref_id: 'run-48211',
  pin: '4829',
  comment: 'required',
  match_number: true,
  payload: { commit: '4be2b79ffd93291305436bf889314e4a3faec05e', changes: { services: [1, 2] } },
  actions: [
    { key: 'a', value: 'approved', style: 'primary' },
    { key: 'b', value: 'rejected', style: 'danger' },
  ],
})
await makeApproval(world, actor, { key_path: 'waits', approvers: [{ any_of: ['carl@example.com'] }] })
const ended = await makeApproval(world, actor, { key_path: 'ended' })
await as(world, actor).approvals.invalidate({ approval_id: ended.approval_id })
await makeKey(world, project, 'admin', { name: 'everything' })
await as(world, ana.actor).values.put({ key_path: 'config/flags/new', value: 'on' })
await as(world, ana.actor).values.put({ key_path: 'readme', value: 'x'.repeat(300) })
await as(world, ana.actor).secrets.create({
  secret: 'AAAA',
  encrypted_by: 'browser',
  file_bytes: 2_000_000,
  memo: 'a secret with everything',
  passphrase: 'open',
  ttl: 3600,
  notify_me: false,
})
// In the list as a secret whose receipt was seen, the longest word that there is for a state.
await world.db.sql`update secrets set state = 'viewed' where memo = 'a secret with everything'`
await as(world, ana.actor).asks.create({ title: 'The token', ttl: 3600, answer_ttl: 3600, encrypted_by: 'browser' })
await fetch(`${url}/v1/key/readme`, { headers: { authorization: `Bearer ${key}` } })

const at = `/p/${project.id}`

type Step = (page: Page) => Promise<unknown>

const rows: [what: string, path: string, then?: Step, who?: typeof ana][] = [
  ['the inbox', at, (page) => page.getByText('Needs your decision (1)').waitFor()],
  ['an empty inbox', `/p/${bare.id}`, (page) => page.getByText('Nothing needs you').waitFor(), bob],
  ['the approvals', `${at}/approvals`, (page) => page.getByRole('button', { name: 'ended' }).waitFor()],
  [
    'a choice of approvals with its dialog',
    `${at}/approvals`,
    async (page) => {
      await page.getByLabel('Choose waits').check()
      await page.getByRole('button', { name: 'Invalidate 1…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'an approval to decide, with its faults and its second step',
    `${at}/approvals?open=${asked.approval_id}`,
    async (page) => {
      await page.getByRole('button', { name: /^A$/ }).waitFor()
      await page.waitForTimeout(600)
      await page.getByRole('button', { name: /^A$/ }).click()
      await page.getByText('Enter the PIN').waitFor()
    },
  ],
  [
    'an approval for a viewer',
    `${at}/approvals?open=${asked.approval_id}`,
    (page) => page.getByText('Timeline').waitFor(),
    viewer,
  ],
  [
    'the form of an approval with its previews and its faults',
    `${at}/approvals/new`,
    async (page) => {
      await page.getByText('Buttons of my own').click()
      await page.getByLabel('What is asked').fill('Deploy **it**?')
      await page.getByText('Who decides, PIN').click()
      await page.getByRole('button', { name: 'Make the link' }).click()
      await page.getByRole('alert').waitFor()
    },
  ],
  [
    'a new link with its PIN and QR code',
    `${at}/approvals/new`,
    async (page) => {
      await page.getByLabel('Key path').fill('from/form')
      await page.getByText('Who decides, PIN').click()
      await page.getByLabel('PIN').selectOption('generate')
      await page.getByRole('button', { name: 'Make the link' }).click()
      await shows(page, 'Give the link')
      await page.getByRole('button', { name: 'QR code' }).click()
      await page.getByAltText('QR code of the link').waitFor()
    },
  ],
  [
    'the tree of values',
    `${at}/values`,
    async (page) => {
      await page.getByRole('button', { name: 'config/' }).click()
      await page.getByRole('button', { name: 'flags/' }).waitFor()
    },
  ],
  [
    'the one-time secrets',
    `${at}/secrets`,
    (page) => page.getByRole('button', { name: 'a secret with everything' }).waitFor(),
  ],
  [
    'a secret and the question before it is burned',
    `${at}/secrets`,
    async (page) => {
      await page.getByRole('button', { name: 'a secret with everything' }).click()
      await page.getByRole('button', { name: 'Burn…' }).click()
      await page.getByRole('button', { name: 'Burn secret' }).waitFor()
    },
  ],
  ['no secrets', `/p/${bare.id}/secrets`, (page) => page.getByText('Nothing has been shared yet').waitFor(), bob],
  ['the asks', `${at}/secrets?tab=asks`, (page) => page.getByRole('button', { name: 'Cancel The token' }).waitFor()],
  [
    'the form of a secret, unfolded, with its faults',
    `${at}/secrets/new`,
    async (page) => {
      await page.getByText('Time, passphrase').click()
      await page.getByLabel('Can be read for').selectOption('own')
      await page.getByRole('button', { name: 'Make the link' }).click()
      await page.getByRole('alert').waitFor()
    },
  ],
  [
    'a new secret with its two links, its passphrase and QR code',
    `${at}/secrets/new`,
    async (page) => {
      await page.getByLabel('The secret').fill('hunter2')
      await page.getByText('Time, passphrase').click()
      await page.getByRole('button', { name: 'Generate one' }).click()
      await page.getByRole('button', { name: 'Make the link' }).click()
      await shows(page, 'Hand the link on')
      await page.getByRole('button', { name: 'QR code' }).click()
      await page.getByRole('img', { name: 'QR code of the link' }).waitFor()
    },
  ],
  [
    'a new ask, from its form to its two links',
    `${at}/secrets/ask`,
    async (page) => {
      await page.getByText('Time, encryption').click()
      await page.getByRole('button', { name: 'Make the links' }).click()
      await page.getByText('Must not be empty.').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.getByLabel('What you need').fill('A key')
      await page.getByRole('button', { name: 'Make the links' }).click()
      await shows(page, 'Send one link')
    },
  ],
  ['no values', `/p/${bare.id}/values`, (page) => page.getByText('No value yet').waitFor(), bob],
  [
    'a value that is changed',
    `${at}/values?open=readme`,
    async (page) => {
      await page.getByRole('button', { name: 'Change' }).click()
      await page.getByLabel('New value').waitFor()
    },
  ],
  ['the keys', `${at}/keys`, (page) => page.getByRole('button', { name: 'everything' }).waitFor()],
  ['no keys', `/p/${bare.id}/keys`, (page) => page.getByText('No API key yet').waitFor(), bob],
  ['a key', `${at}/keys?open=${keyId}`, (page) => page.getByText('Used in the last 7 days').waitFor()],
  [
    'revoking a key',
    `${at}/keys?open=${keyId}`,
    async (page) => {
      await page.getByRole('button', { name: 'Revoke…' }).click()
      await page.getByRole('button', { name: 'Revoke key' }).waitFor()
    },
  ],
  [
    'the form of a key, unfolded, scope by scope, with a weak text and its faults',
    `${at}/keys/new`,
    async (page) => {
      await page.getByText('Restrictions and options').click()
      await page.getByLabel('Chosen one by one').check()
      await page.getByLabel('A text of your own').fill('weak')
      await page.getByRole('button', { name: 'Create key' }).click()
      await page.getByRole('alert').waitFor()
    },
  ],
  [
    'the access log',
    `${at}/keys?tab=log`,
    (page) => page.getByRole('button', { name: 'GET /v1/key/{key_path}' }).waitFor(),
  ],
  [
    'a request of the access log',
    `${at}/keys?tab=log`,
    async (page) => {
      await page.getByRole('button', { name: 'GET /v1/key/{key_path}' }).click()
      await page.getByText('Reply’s body').waitFor()
    },
  ],
  ['the audit log', `${at}/audit`, (page) => page.getByRole('button', { name: 'Value set' }).first().waitFor()],
  [
    'an audit entry',
    `${at}/audit`,
    async (page) => {
      await page.getByRole('button', { name: 'Value set' }).first().click()
      await page.getByText('Context').waitFor()
    },
  ],
  [
    'what a viewer may not see',
    `${at}/audit`,
    (page) => page.getByText('Not with your role').first().waitFor(),
    viewer,
  ],
  [
    'the palette',
    at,
    async (page) => {
      await page.getByText('Needs your decision').waitFor()
      await page.keyboard.press('Control+k')
      await page.getByPlaceholder('Page, project, key').fill('au')
    },
  ],
  [
    'the help sheet',
    at,
    async (page) => {
      await page.getByText('Needs your decision').waitFor()
      await page.keyboard.press('?')
      await page.getByText('Single keys do something').waitFor()
    },
  ],
]

test.each(rows)('%s has no fault in either scheme at any width', async (_, path, then, who = ana) => {
  const { page, misdeeds, close } = await enter(browser, url, who, path)
  await then?.(page)
  expect(await faultsOf(page)).toEqual([])
  expect(await misdeeds.refused()).toEqual([])
  expect(misdeeds.errors).toEqual([])
  await close()
})

test('a list without a connection says so, with a way to try again, and has no fault', async () => {
  const { page, close } = await enter(browser, url, ana, at)
  await page.getByText('Needs your decision').waitFor()
  await page.route(/approvals\.list/, (route) => route.abort())
  await page.getByRole('link', { name: 'Approvals' }).first().click()
  await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: 20_000 })
  expect(await faultsOf(page)).toEqual([])
  await close()
})
