import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, inject, test } from 'vitest'
import { makeAsker } from '../make.ts'
import { serve } from '../serve.ts'
import { faultsOf } from './axe.ts'
import { openBrowser, press, shows, visit } from './browser.ts'
import { askFor, askSealed, shareFile, shareLinks, shareSealed } from './secret-links.ts'

const { world, url } = await serve()
const browser = await openBrowser()
const { actor } = await makeAsker(world)

/** Buttons and fields that are smaller than 44 px. */
const small = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#root button, #root input, #root textarea, #root summary')]
      .filter((each) => each.getBoundingClientRect().height < 44)
      .map((each) => each.outerHTML),
  )

type State = { path: string; heading: RegExp; act?: (page: Page) => Promise<unknown> }

const share = (wish: Parameters<typeof shareLinks>[2] = {}) => shareLinks(world, actor, wish)
const wide = `password: ${'x'.repeat(300)}\n\ttoken`

const revealed = async (page: Page) => {
  await press(page, 'Reveal the secret')
  await shows(page, 'Here is the secret')
}

/** States that differ most from one another: looked at in every run. */
const main: Record<string, () => Promise<State>> = {
  'a wrong passphrase': async () => ({
    ...(await share({ passphrase: 'open sesame' })),
    heading: /waiting/,
    act: async (page) => {
      await page.getByLabel('Passphrase', { exact: true }).fill('wrong')
      await press(page, 'Reveal the secret')
      await page.getByText('That passphrase is wrong.').waitFor()
    },
  }),
  'a secret with a file, shown': async () => {
    const one = await shareFile(url, world, actor, `${'long'.repeat(40)}.pdf`, new Uint8Array(10))
    await one.send()
    return {
      ...one,
      heading: /waiting/,
      act: async (page) => {
        await revealed(page)
        await press(page, 'Show')
      },
    }
  },
  'a secret that was read': async () => {
    const one = await share()
    await one.reveal()
    return { ...one, heading: /read already/ }
  },
  'a receipt about to burn, with its QR code': async () => ({
    path: (await share({ memo: wide.slice(0, 200) })).receipt,
    heading: /waiting to be read/,
    act: async (page) => {
      await page.getByText('Show it as a QR code').click()
      await press(page, 'Burn the secret')
    },
  }),
  'an answer that is too long': async () => ({
    path: (await askFor(world, actor, { title: 'y'.repeat(200), note: wide })).path,
    heading: /y{200}/,
    act: (page) => page.getByLabel('The secret').fill('x'.repeat(10_001)),
  }),
}

/** All others. */
const rest: Record<string, () => Promise<State>> = {
  'a secret that waits': async () => ({ ...(await share()), heading: /waiting/ }),
  'a browser-encrypted secret that waits': async () => ({
    ...(await shareSealed(world, actor, { text: 'x' })),
    heading: /waiting/,
  }),
  'a secret of the reader’s own': async () => {
    const one = await share()
    const digest = createHash('sha256').update(one.secret_key).digest('hex')
    return {
      ...one,
      heading: /waiting/,
      act: async (page) => {
        await page.evaluate((made) => localStorage.setItem('countersign made', JSON.stringify([made])), digest)
        await page.reload()
        await page.getByText('You made this secret.').waitFor()
      },
    }
  },
  'a secret that is hidden': async () => ({ ...(await share({ secret: wide })), heading: /waiting/, act: revealed }),
  'a long secret that is shown': async () => ({
    ...(await share({ secret: wide })),
    heading: /waiting/,
    act: async (page) => {
      await revealed(page)
      await press(page, 'Show')
    },
  }),
  'a secret that was cleared': async () => ({
    ...(await share()),
    heading: /waiting/,
    act: async (page) => {
      await revealed(page)
      await press(page, 'Clear now')
      await shows(page, 'it is cleared')
    },
  }),
  'a lost connection': async () => ({
    ...(await share()),
    heading: /waiting/,
    act: async (page) => {
      await page.route('**/trpc/**', (route) => route.abort())
      await press(page, 'Reveal the secret')
      await page.getByText('The connection broke.').waitFor()
    },
  }),
  'a burned secret': async () => {
    const one = await share()
    await one.burnByReceipt()
    return { ...one, heading: /burned/ }
  },
  'an unknown secret': async () => ({ path: `/s/${'0'.repeat(31)}`, heading: /leads nowhere/ }),
  'a cut link': async () => ({ path: '/s/cut', heading: /incomplete/ }),
  'an answer that is awaited': async () => ({ path: (await askFor(world, actor)).kept, heading: /not there yet/ }),
  'a receipt of a secret that was read twice': async () => {
    const one = await share()
    await one.reveal()
    await one.reveal().catch(() => undefined)
    return { path: one.receipt, heading: /was read/ }
  },
  'a receipt of what a browser encrypted': async () => ({
    path: (await shareSealed(world, actor, { text: 'x' })).receipt,
    heading: /waiting to be read/,
  }),
  'a browser-encrypted ask': async () => ({ path: (await askSealed(world, actor)).path, heading: /API token/ }),
  'an answer that was sent': async () => ({
    path: (await askFor(world, actor)).path,
    heading: /API token/,
    act: async (page) => {
      await page.getByLabel('The secret').fill('x')
      await press(page, 'Send the secret')
      await shows(page, 'The secret is sent')
    },
  }),
}

const states = Object.entries(inject('thorough') ? { ...main, ...rest } : main)

test.each(states)('%s has no fault, and nothing that is too small to press', async (_name, make) => {
  const { path, heading, act } = await make()
  const { page, close } = await visit(browser, url + path)
  await shows(page, heading)
  await act?.(page)
  expect(await faultsOf(page)).toEqual([])
  expect(await small(page)).toEqual([])
  await close()
})

test('what a secret is, until when, and its button stand on a small phone without scrolling', async () => {
  const { path } = await share({ passphrase: 'open sesame' })
  const { page, close } = await visit(browser, url + path, { viewport: { width: 375, height: 640 } })
  await shows(page, 'A secret is waiting for you')
  for (const text of ['Countersign', /^It opens once/, /^Can be read until/, 'Passphrase', 'Reveal the secret']) {
    const box = await page.getByText(text, { exact: true }).first().boundingBox()
    expect((box?.y ?? 9999) + (box?.height ?? 0), String(text)).toBeLessThanOrEqual(640)
  }
  await close()
})
