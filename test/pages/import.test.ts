import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import QRCode from 'qrcode'
import { afterAll, expect, test } from 'vitest'
import { as } from '../as.ts'
import { makeProject } from '../make.ts'
import { migrationOf } from '../migration.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, shows } from './browser.ts'
import { enter, soon } from './inside.ts'

const { world, url } = await serve()
const browser = await openBrowser()

const part = (name: string, more = {}) => ({ secret: randomBytes(20), name, issuer: 'Acme', ...more })
const png = (text: string) => QRCode.toBuffer(text, { scale: 6 })

/** A project of its own, its member, the page's address there, and the names of the accounts that it has. */
async function scene() {
  const project = await makeProject(world)
  const ana = await makePerson(world, project, 'MEMBER')
  const room = `/p/${project.id}/codes/import`
  const names = async () => {
    const rows = await world.db.sql<{ name: string }[]>`
      select name from accounts where project_id = ${project.id} order by name`
    return rows.map(({ name }) => name)
  }
  return { project, ana, room, names }
}

/** The bodies of everything that a page sends from now on, and whatever it asks of another host. */
function listenTo(page: Page) {
  const sent: Buffer[] = []
  const strayed: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) strayed.push(request.url())
    const body = request.postDataBuffer()
    if (body) sent.push(body)
  })
  return { all: () => Buffer.concat(sent), strayed }
}

const choose = (page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.getByLabel('Files or pictures').setInputFiles(files)

test('a Google Authenticator export in two pictures is read in the browser, previewed, and added when confirmed', async () => {
  const { ana, room, names } = await scene()
  const wish = { size: 2, id: 99 }
  const first = await png(
    migrationOf({ ...wish, index: 0, accounts: [part('ana'), part('counter', { type: 1, counter: 1 })] }),
  )
  const second = await png(
    migrationOf({ ...wish, index: 1, accounts: [part('Acme:bob 🐙', { algorithm: 2, digits: 2 })] }),
  )
  const { page, misdeeds, close } = await enter(browser, url, ana, room)
  await shows(page, 'Import accounts')
  const heard = listenTo(page)
  await choose(page, [{ name: 'one.png', mimeType: 'image/png', buffer: first }])
  await page.getByText('Nothing has been added yet.').waitFor()
  await page.getByText('1 of 2 scanned; picture 2 is missing.').first().waitFor()

  // The second is dropped.
  const dropped = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer()
      data.items.add(new File([new Uint8Array(bytes)], 'two.png', { type: 'image/png' }))
      return data
    },
    [...second],
  )
  await page.getByText('Or drop them here').dispatchEvent('drop', { dataTransfer: dropped })
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })
  await row('Acme: bob 🐙').getByText('New').waitFor()
  await row('counter').getByText('go by a counter (HOTP)').waitFor()
  expect(await page.getByRole('button', { name: 'Add 2 accounts' }).isDisabled()).toBe(true)
  expect(await faultsOf(page)).toEqual([])
  expect(await names()).toEqual([])

  await page.getByRole('button', { name: 'Leave out Acme: counter' }).click()
  await page.getByRole('combobox', { name: 'Tags for all of them' }).fill('ops')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add 2 accounts' }).click()
  await shows(page, '2 accounts were added')
  expect(await names()).toEqual(['ana', 'bob 🐙'])
  const { items } = await as(world, ana.actor).accounts.list({ tag: 'ops' })
  expect(items.map(({ algorithm, digits, owner }) => [algorithm, digits, owner?.id]).toSorted()).toEqual([
    ['SHA1', 6, ana.id],
    ['SHA256', 8, ana.id],
  ])
  expect(heard.all().includes('otpauth-migration')).toBe(true)
  for (const picture of [first, second]) {
    expect(heard.all().includes(picture.subarray(100, 140))).toBe(false)
    expect(heard.all().includes(picture.toString('base64').slice(120, 160))).toBe(false)
  }
  expect(heard.all().includes('PNG')).toBe(false)
  expect(heard.strayed).toEqual([])
  expect(misdeeds.errors).toEqual([])
  expect(await misdeeds.refused()).toEqual([])
  await close()
})

test('pasted text and files show each line’s fault and duplicates; an encrypted export says how to make a plain one', async () => {
  const { ana, room, names } = await scene()
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const here = `otpauth://totp/Acme:here?secret=${secret}&issuer=Acme`
  await as(world, ana.actor).accounts.import({ uris: [here] })
  const { page, close } = await enter(browser, url, ana, room)
  await choose(page, [
    { name: 'aegis.json', mimeType: 'application/json', buffer: Buffer.from('{"header":{"slots":[1]},"db":"x"}') },
    { name: 'blank.png', mimeType: 'image/png', buffer: await blank(page) },
    {
      name: 'list.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('issuer,name,secret\nAcme,carl,MFRGGZDFMZTWQ2LKNNWG23TP'),
    },
  ])
  await page.getByText('aegis.json: This Aegis export is encrypted.').waitFor()
  await page.getByText('blank.png: No QR code was found in it.').waitFor()
  await page.getByLabel('Or paste text').fill(`${here}\notpauth://totp/Acme:bad?secret=JBSWY3DP0&issuer=Acme\n`)
  await page.getByRole('button', { name: 'Read the text' }).click()
  await page.getByText('It is here already, as “Acme: here”.').waitFor()
  await page.getByText('it may be the letter O').waitFor()
  await page.getByRole('button', { name: 'Leave out all with errors' }).click()
  await page.getByRole('button', { name: 'Add 1 account' }).waitFor()
  await page.getByLabel('Add duplicates too').check()
  await page.getByLabel('Add duplicates too').uncheck()
  await page.getByRole('button', { name: 'Add 1 account' }).click()
  await shows(page, '1 account was added')
  expect(await names()).toEqual(['carl', 'here'])
  expect(await faultsOf(page)).toEqual([])
  await close()
})

/** A white picture. */
async function blank(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(200, 200)
    canvas.getContext('2d')?.fillRect(0, 0, 1, 1)
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]
  })
  return Buffer.from(bytes)
}

/** A film of one QR code, as Chromium's pretended camera takes it: YUV4MPEG2, 640 by 480. */
function filmOf(text: string): string {
  const { modules } = QRCode.create(text)
  const [width, height, scale] = [640, 480, Math.floor(400 / modules.size)]
  const luma = Buffer.alloc(width * height, 235)
  const [left, top] = [(width - modules.size * scale) >> 1, (height - modules.size * scale) >> 1]
  for (let y = 0; y < modules.size * scale; y++)
    for (let x = 0; x < modules.size * scale; x++)
      if (modules.get(Math.floor(y / scale), Math.floor(x / scale))) luma[(top + y) * width + left + x] = 16
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)])
  const directory = mkdtempSync(join(tmpdir(), 'film-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'code.y4m')
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]),
  )
  return path
}

test('a camera reads a QR code; one that is not allowed says what to do', async () => {
  const { ana, room, names } = await scene()
  const film = filmOf('otpauth://totp/Acme:filmed?secret=MFRGGZDFMZTWQ2LKNNWG23TP&issuer=Acme')
  const filming = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`],
    ],
  })
  try {
    const { page, context, misdeeds, close } = await enter(filming, url, ana, room)
    const scan = page.getByRole('button', { name: 'Scan a QR code' })
    await scan.click()
    await page.getByText('The camera was not allowed.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Close camera' }).click()
    await context.grantPermissions(['camera'], { origin: url })
    const heard = listenTo(page)
    await scan.click()
    await page.getByRole('button', { name: 'Leave out Acme: filmed' }).waitFor()
    await page.getByRole('button', { name: 'Close camera' }).click()
    expect(await page.locator('video').count()).toBe(0)
    expect(heard.all().length).toBeLessThan(2000)
    expect(await names()).toEqual([])
    expect(await misdeeds.refused()).toEqual([])
    await close()
  } finally {
    await filming.close()
  }
})

test('a browser without a camera, and a viewer, are told', async () => {
  const { project, ana, room } = await scene()
  const { page, close } = await enter(browser, url, ana, room)
  await page.getByRole('button', { name: 'Scan a QR code' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: /No camera was found|not allowed/ })
    .waitFor()
  await close()
  const viewer = await makePerson(world, project, 'VIEWER')
  const other = await enter(browser, url, viewer, room)
  await other.page.getByText('This needs the role MEMBER').waitFor()
  await soon(() => other.page.getByRole('button', { name: 'Scan a QR code' }).count()).toBe(0)
  await other.close()
})

test('only the dashboard may compile WebAssembly and ask for a camera', async () => {
  const allowed = async (path: string) => {
    const { headers } = await fetch(url + path)
    const [policy, features] = [headers.get('content-security-policy') ?? '', headers.get('permissions-policy') ?? '']
    return [policy.includes("'wasm-unsafe-eval'"), features.includes('camera=(self)'), policy.includes("'unsafe-eval'")]
  }
  expect(await allowed('/p')).toEqual([true, true, false])
  for (const path of ['/', '/a/00000000000000000000000000', '/share', '/s/x', '/docs'])
    expect(await allowed(path), path).toEqual([false, false, false])
})
