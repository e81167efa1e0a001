import { describe, expect, test } from 'vitest'
import { readLines } from '../../server/accounts/importing.ts'
import { withoutAccount } from '../../web/pages/codes/import/cut.ts'
import { progressOf } from '../../web/pages/codes/import/parts.ts'
import { readText } from '../../web/pages/codes/import/read-text.ts'
import { migrationOf } from '../migration.ts'

const secret = 'JBSWY3DPEHPK3PXP'

/** What the server makes of what a reader found. */
async function accountsIn(text: string) {
  const found = await readText(text)
  return readLines(found.map(({ uri }) => uri)).lines.map(({ read }, at) =>
    'fault' in read ? `${found[at]?.name}: ${read.fault.slice(0, 24)}` : read,
  )
}
const usual = { secret, algorithm: 'SHA1', digits: 6, period: 30 }
const faultOf = (text: string) =>
  readText(text).then(
    () => 'read',
    (error: unknown) => String(error),
  )

describe('an export', () => {
  test('of Aegis is read, and says what it cannot do', async () => {
    const entry = (type: string, more = {}) => ({
      ...{ type, uuid: 'u', name: 'a:na', issuer: 'Acme & Co', note: '', favorite: false, icon: null },
      info: { secret, algo: 'SHA256', digits: 8, period: 60, ...more },
    })
    const vault = {
      version: 1,
      header: { slots: null, params: null },
      db: {
        version: 3,
        entries: [entry('totp'), entry('hotp', { counter: 1 }), entry('steam'), entry('totp', { secret: '' })],
      },
    }
    expect(await accountsIn(JSON.stringify(vault))).toEqual([
      { ...usual, name: 'a:na', issuer: 'Acme & Co', algorithm: 'SHA256', digits: 8, period: 60 },
      'Acme & Co: a:na: Its codes go by a counte',
      'Acme & Co: a:na: Its codes are letters (S',
      'Acme & Co: a:na: Its secret: Must not be ',
    ])
    const sealed = JSON.stringify({ version: 1, header: { slots: [{}], params: {} }, db: 'bm90aGluZw==' })
    expect(await faultOf(sealed)).toContain('switch “Encrypt the vault” off')
  })

  test('of 2FAS is read', async () => {
    const service = (otp: object) => ({ name: 'GitHub', secret, otp: { label: 'x', ...otp }, order: { position: 0 } })
    const services = [
      service({ account: 'ana', issuer: 'GH', digits: 7, period: 30, algorithm: 'SHA512', tokenType: 'TOTP' }),
      service({ tokenType: 'HOTP' }),
      service({ tokenType: 'STEAM' }),
      { name: 'Bare', secret },
    ]
    expect(await accountsIn(JSON.stringify({ services, groups: [], schemaVersion: 4 }))).toEqual([
      { ...usual, name: 'ana', issuer: 'GH', algorithm: 'SHA512', digits: 7 },
      'GitHub: x: Its codes go by a counte',
      'GitHub: x: Its codes are letters (S',
      { ...usual, name: 'Bare', issuer: 'Bare' },
    ])
    expect(await faultOf(JSON.stringify({ services: [], servicesEncrypted: 'a:b:c', schemaVersion: 4 }))).toContain(
      'switch the password off',
    )
  })

  test('of Bitwarden is read from JSON and CSV, without its passwords', async () => {
    const login = (totp: string | null) => ({
      type: 1,
      name: 'Acme, Inc.',
      login: { username: 'ana', password: 'hunter2', totp },
    })
    const given = [secret, `otpauth://totp/X:y?secret=${secret}&issuer=X`, `steam://${secret}`]
    const items = [...given, null].map(login)
    const expected = [
      { ...usual, name: 'ana', issuer: 'Acme, Inc.' },
      { ...usual, name: 'y', issuer: 'X' },
      'Acme, Inc.: ana: Its codes are letters (S',
    ]
    const json = JSON.stringify({ encrypted: false, folders: [], items })
    const csv = [
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp',
      ...given.map((totp) => `,,login,"Acme, Inc.","two\nlines",,0,https://acme.example,ana,hunter2,${totp}`),
      ',,login,none,,,0,https://x.example,ana,hunter2,',
    ].join('\r\n')
    for (const text of [json, `\uFEFF${csv}`]) {
      expect(await accountsIn(text)).toEqual(expected)
      expect(JSON.stringify(await readText(text))).not.toContain('hunter2')
    }
    expect(await faultOf('{"encrypted":true,"passwordProtected":true,"data":"2.x"}')).toContain(
      'not “.json (Encrypted)”',
    )
  })

  test('of nobody in particular is read by the names of its columns or fields', async () => {
    const account = { ...usual, name: 'ana@example.com', issuer: 'GitHub', digits: 8 }
    for (const text of [
      `issuer,name,secret,digits\nGitHub,ana@example.com,${secret},8\n`,
      `Service;E-mail;TOTP;Digits\nGitHub;ana@example.com;jbsw y3dp ehpk 3pxp;8`,
      `Title,Username,OTPAuth\nx,y,"otpauth://totp/GitHub:ana%40example.com?secret=${secret}&digits=8"`,
      JSON.stringify([{ issuer: 'GitHub', account: 'ana@example.com', secret, digits: 8 }]),
      JSON.stringify({ accounts: [{ service: 'GitHub', label: 'ana@example.com', seed: secret, digits: '8' }] }),
      JSON.stringify([`otpauth://totp/GitHub:ana%40example.com?secret=${secret}&digits=8`]),
      `\n  otpauth://totp/GitHub:ana%40example.com?secret=${secret}&digits=8\r\n\r\n`,
    ])
      expect(await accountsIn(text)).toEqual([account])
  })

  test.each([
    ['', 'It is empty'],
    ['hello', 'nothing that can be read here'],
    ['{"broken":', 'cut short or broken'],
    ['{"x":1}', 'nothing that can be read here'],
    ['[1,null,{"name":"x"}]', 'nothing that can be read here'],
    ['a,b\n1,2', 'No column of it is named like a secret'],
    ['name,secret\nx,', 'no account with a secret'],
    ['{"db":{"entries":7},"header":{}}', 'no account with a secret'],
  ])('that is no export says so: %s', async (text, words) => {
    expect(await faultOf(text)).toContain(words)
  })
})

test('one account is left out of a picture of an export, and the rest stays what it was', () => {
  const accounts = ['a', 'b', 'c'].map((name) => ({ secret: Buffer.from(`${name}123456789`), name }))
  const uri = migrationOf({ accounts, size: 2, index: 1, id: -5 })
  const names = (text: string | undefined) => readLines([text ?? '']).lines.map(({ read }) => read.name)
  expect(names(withoutAccount(uri, 1))).toEqual(['a', 'c'])
  expect(readLines([withoutAccount(uri, 0) ?? '']).missing).toEqual(['1 of 2'])
  expect(names(withoutAccount(withoutAccount(uri, 2) ?? '', 0))).toEqual(['b'])
  for (const nothing of [
    withoutAccount(uri, 3),
    withoutAccount(migrationOf({ accounts: accounts.slice(0, 1) }), 0),
    withoutAccount('otpauth://totp/x?secret=A', 0),
    withoutAccount('otpauth-migration://offline?data=%%', 0),
  ])
    expect(nothing).toBeUndefined()
})

test('how far a scan is stands in words', () => {
  expect(progressOf([])).toBe('')
  expect(progressOf(['3 of 3'])).toBe('2 of 3 scanned; picture 3 is missing.')
  expect(progressOf(['1 of 4', '2 of 4'])).toBe('2 of 4 scanned; pictures 1, 2 are missing.')
})
