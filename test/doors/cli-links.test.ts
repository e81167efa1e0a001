import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { build, json, run, startServer, temporaryDirectory } from '../built.ts'
import { asker } from '../http.ts'

beforeAll(() => {
  build()
})

const password = 'correct horse battery staple'

test('without any mail, links of the command line set an instance up and give a forgotten password back', async () => {
  const dataDir = join(temporaryDirectory(), 'data')
  const server = await startServer({ DATA_DIR: dataDir })
  const here = { DATA_DIR: dataDir, PUBLIC_URL: server.url }
  const own = { origin: server.url, 'sec-fetch-site': 'same-origin' }
  const post = (path: string, body: object) => asker(server.url)('POST', path, { headers: own, body })
  const linkOf = async (...line: string[]) => new URL(json(await run([...line, '--json'], here)).url)

  const first = await linkOf('setup:link')
  const second = await linkOf('setup:link')
  expect([first.pathname, second.pathname]).toEqual(['/setup', '/setup'])
  const claim = (link: URL) =>
    post('/trpc/setup.claim', {
      ...{ token: link.hash.slice(1), name: 'Ana', email: 'ana@example.com', password, project: 'shop' },
    })
  expect((await claim(first)).status).toBe(404)
  expect((await claim(second)).status).toBe(200)
  expect(await run(['setup:link'], here)).toMatchObject({ code: 1, stdout: '' })

  const reset = await linkOf('password:link', '--email', 'Ana@Example.com')
  expect(reset.pathname).toBe('/reset-password')
  const renew = () =>
    post('/auth/reset-password', { token: reset.hash.slice(1), newPassword: 'another long and quiet one' })
  expect((await renew()).status).toBe(200)
  expect((await renew()).status).not.toBe(200)
  const signIn = (text: string) => post('/auth/sign-in/email', { email: 'ana@example.com', password: text })
  expect((await signIn(password)).status).toBe(401)
  expect((await signIn('another long and quiet one')).status).toBe(200)

  expect(await run(['password:link', '--email', 'nobody@example.com'], here)).toMatchObject({ code: 1, stdout: '' })
  expect(await run(['password:link', '--email', 'nobody'], here)).toMatchObject({ code: 2, stdout: '' })
  expect(await server.stop()).toMatchObject({ code: 0 })
})
