import { expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { serve } from '../serve.ts'
import { yesOrNo } from '../voting.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, press, shows } from './browser.ts'
import { enter } from './inside.ts'

// WebAuthn knows names only: an address is no relying party.
const port = await freePort()
const url = `http://localhost:${port}`
const { world } = await serve({ PORT: String(port), PUBLIC_URL: url, HOST: 'localhost' })
const browser = await openBrowser()
const { project, actor } = await makeAsker(world)

let count = 0
async function ask(more: object = {}) {
  count += 1
  const made = await makeApproval(world, actor, {
    key_path: `sealed/${count}`,
    actions: yesOrNo,
    passkey: true,
    ...more,
  })
  const read = () => as(world, actor).approvals.get({ approval_id: made.approval_id })
  return {
    ...made,
    read,
    page: `${url}/a/${made.token}`,
    drawer: `${url}/p/${project.id}/approvals?open=${made.approval_id}`,
  }
}

/** Somebody at their account, in a browser with an authenticator that can be told to refuse. */
async function personAt(name: string) {
  const who = await makePerson(world, project, 'ADMIN', { name })
  const seen = await enter(browser, url, who, '/account')
  const cdp = await seen.context.newCDPSession(seen.page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  /** False: whoever holds it is not who it belongs to, so the browser breaks the ceremony off. */
  const verified = (isUserVerified: boolean) =>
    cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
  const addPasskey = async () => {
    await seen.page.getByRole('button', { name: 'Add a passkey' }).click()
    await seen.page.getByRole('dialog').getByLabel('Name').fill('phone')
    await seen.page.getByRole('button', { name: 'Go on' }).click()
    await seen.page.getByText('The passkey is added.').waitFor()
  }
  const sent: string[] = []
  seen.page.on('request', (request) => {
    if (/approvals\.(act|decide)\b/.test(request.url())) sent.push(request.postData() ?? '')
  })
  return { ...seen, who, verified, addPasskey, sent }
}

test('the page asks for the passkey, signs what is decided on, and the decision is recorded', async () => {
  const { page, who, addPasskey, sent, misdeeds, close } = await personAt('Ana Silva')
  await addPasskey()
  const one = await ask()
  await page.goto(one.page)
  await press(page, 'Approve')
  await shows(page, 'You answered “Approve”')
  expect(sent).toHaveLength(1)
  const { clientDataJSON } =
    JSON.parse(sent[0] ?? '')[0]?.passkey?.response ?? JSON.parse(sent[0] ?? '').passkey.response
  expect(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())).toMatchObject({
    type: 'webauthn.get',
    challenge: Buffer.from(one.action_hash, 'hex').toString('base64url'),
  })
  expect(await one.read()).toMatchObject({ status: 'executed', decision: { decided_by: { id: who.id } } })
  expect(misdeeds).toMatchObject({ dialogs: [], errors: [] })
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('the drawer asks for it too, and so does a vote of several', async () => {
  const { page, who, addPasskey, misdeeds, close } = await personAt('Ben Okafor')
  await addPasskey()
  const one = await ask()
  await page.goto(one.drawer)
  await press(page, 'Approve')
  await page.getByText('Decided: Approve').waitFor()
  expect(await one.read()).toMatchObject({ status: 'executed', decision: { decided_by: { id: who.id } } })
  const several = await ask({ approvers: [{ any_of: ['role:ADMIN'], required: 2 }] })
  await page.goto(several.drawer)
  await press(page, 'Approve')
  await page.getByText('Your vote counts: Approve').waitFor()
  expect((await several.read()).progress?.votes).toMatchObject([{ by: { id: who.id }, action: 'approve' }])
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('where the ceremony is broken off nothing is sent, the page says so, and pressing again goes on', async () => {
  const { page, addPasskey, verified, sent, close } = await personAt('Cleo Cruz')
  await addPasskey()
  await verified(false)
  for (const where of ['page', 'drawer'] as const) {
    const one = await ask()
    await page.goto(one[where])
    await press(page, 'Approve')
    await page.getByText('No passkey was used, so nothing was sent. Press again to try once more.').waitFor()
    expect(sent).toEqual([])
    expect(await one.read()).toMatchObject({ status: 'pending', attempts_left: 5 })
  }
  await verified(true)
  await press(page, 'Approve')
  await page.getByText('Decided: Approve').waitFor()
  expect(sent).toHaveLength(1)
  await close()
})

test('whoever has no passkey is told to add one, on the page and in the drawer, and nothing is decided', async () => {
  const { page, sent, close } = await personAt('Dora Dean')
  const one = await ask()
  await page.goto(one.page)
  await page.getByText('This asks for a passkey, and you have none.').waitFor()
  expect(await page.getByRole('link', { name: 'Add one in your account' }).getAttribute('href')).toBe('/account')
  expect(await faultsOf(page)).toEqual([])
  await press(page, 'Approve')
  await page.getByText('add one in your account, then decide.').waitFor()
  expect(sent).toHaveLength(1)
  await page.goto(one.drawer)
  await page.getByText('This asks for a passkey, and you have none.').waitFor()
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('link', { name: 'Add one in your account' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).waitFor()
  expect(await one.read()).toMatchObject({ status: 'pending' })
  await close()
})
