import { describe, expect, test } from 'vitest'
import { startGithub } from '../github.ts'
import { serve } from '../serve.ts'
import { signInBrowser } from '../sign-in.ts'

const { url } = await serve((await startGithub()).variables)

describe('an address to go back to', () => {
  const elsewhere = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example',
    'http:/evil.example',
    '/%2F/evil.example',
    '/%2f%2fevil.example',
    '/%5Cevil.example',
    '%2F%2Fevil.example',
    ' //evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/x#@evil.example',
    '/x?y=//evil.example/#z',
    '.evil.example',
    '@evil.example',
    '',
    'evil.example',
    '/@evil.example:80/',
  ]
  const fields = ['callbackURL', 'newUserCallbackURL', 'errorCallbackURL']

  test.each(fields.flatMap((field) => elsewhere.map((to) => [field, to] as const)))(
    '%s is never %j',
    async (field, to) => {
      const reply = await signInBrowser(url).post('/auth/sign-in/social', { provider: 'github', [field]: to })
      expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } })
      expect(reply.headers['set-cookie']).toBeUndefined()
    },
  )
})
