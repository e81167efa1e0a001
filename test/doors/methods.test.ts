import { expect, test } from 'vitest'
import { operations } from '../../server/http/operations.ts'
import { asker, browser } from '../http.ts'
import { makeApproval, makeAsker } from '../make.ts'
import { serve } from '../serve.ts'

const { url, world } = await serve()
const { key, actor } = await makeAsker(world)
const ask = asker(url)

test('every other method of every path is refused with the ones it takes', async () => {
  const paths = new Map<string, string[]>()
  for (const { entry } of operations) {
    const path = entry.path.replace('{key_path}', 'a/b').replaceAll(/\{\w+\}/g, '0'.repeat(26))
    paths.set(path, [...(paths.get(path) ?? []), entry.method])
    for (const alias of entry.aliases ?? [])
      if (alias.path === entry.path) paths.set(path, [...(paths.get(path) ?? []), alias.method])
  }
  for (const [path, allowed] of paths)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].filter(
      (one) => !allowed.includes(one === 'HEAD' ? 'GET' : one),
    )) {
      const reply = await ask(method, `/v1${path}`, { key })
      expect([method, path, reply.status]).toEqual([method, path, 405])
      expect(
        (reply.headers.allow ?? '')
          .split(', ')
          .filter((one) => one !== 'HEAD')
          .toSorted(),
      ).toEqual(allowed.toSorted())
    }
})

/** As they named themselves in the logs of real servers. */
const scanners = [
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Twitterbot/1.0',
  'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  'WhatsApp/2.23.20.0',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
  'Mozilla/5.0 (compatible; Barracuda Sentinel (EE))',
  'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
]

const purposes: Record<string, string>[] = [
  {},
  { 'sec-purpose': 'prefetch' },
  { purpose: 'prefetch', 'x-http-method-override': 'POST' },
]
const ownPage: Record<string, string>[] = [{}, { origin: url, 'sec-fetch-site': 'same-origin' }]

test('12 scanners that GET, HEAD, prefetch and ask options of a link decide nothing, and the human still succeeds', async () => {
  for (const agent of scanners) {
    const { token, approval_id } = await makeApproval(world, actor)
    const rows = () => world.db.sql`select * from approvals where id = ${approval_id}`
    const before = await rows()
    const paths = [
      `/a/${token}`,
      `/a/${token}?plain`,
      `/v1/link/approvals/${token}`,
      `/v1/link/approvals/${token}/act`,
      `/v1/link/approvals/${token}/report`,
      `/trpc/approvals.open?input=${encodeURIComponent(JSON.stringify({ token }))}`,
      `/trpc/approvals.act?input=${encodeURIComponent(JSON.stringify({ token }))}`,
    ]
    for (const path of paths)
      for (const method of ['GET', 'HEAD', 'OPTIONS'])
        for (const purpose of purposes) {
          const reply = await ask(method, path, { headers: { 'user-agent': agent, ...purpose } })
          expect(reply.status, `${method} ${path}`).toBeLessThan(500)
        }
    expect(await rows()).toEqual(before)
    expect(await browser(url).press(token, 'approve')).toMatchObject({ status: 200 })
  }
})

test('a POST that loaded no page decides nothing, whatever the scanner sends', async () => {
  const { token, approval_id } = await makeApproval(world, actor)
  for (const body of [
    undefined,
    {},
    { action: 'approve' },
    { action: 'approve', csrf_token: 'x', action_hash: '0'.repeat(64) },
  ])
    for (const headers of ownPage)
      for (const what of ['act', 'report']) {
        const reply = await ask('POST', `/v1/link/approvals/${token}/${what}`, { headers, body })
        expect([400, 403]).toContain(reply.status)
      }
  expect((await ask('GET', `/v1/approvals/${approval_id}`, { key })).body.status).toBe('pending')
})
