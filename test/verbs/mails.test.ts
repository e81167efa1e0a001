import { describe, expect, test } from 'vitest'
import { systemCtx } from '../../server/context.ts'
import { type Mail, sendMail } from '../../server/mails/mail.ts'
import { everyMail, someTime } from '../letters.ts'
import { mailbox } from '../mailbox.ts'
import { sentAll } from '../mailed.ts'
import { serve } from '../serve.ts'

const box = await mailbox()
const { world, url: publicUrl } = await serve({ SMTP_URL: box.url, MAIL_FROM: 'Countersign <sign@example.com>' })
const { sql } = world.db
const ctx = systemCtx(world, 'test')

const mails = everyMail(publicUrl)

let arrived = 0
async function sent(mail: Mail, to = 'ana@example.com') {
  await sendMail(sql, ctx, to, mail)
  return (await box.arrived(++arrived)).at(-1)
}

const subjects: Record<Mail['kind'], string> = {
  invitation: 'Invitation to Größe & Söhne',
  'password reset': 'Choose a new password',
  'address check': 'Confirm your e-mail address',
  'approval request': 'Approval needed: deploy/prod in demo',
  'permission request': 'Permission needed: email.send by my-assistant',
  'key alert': 'API key ci of demo needs a look',
  'secret link': 'Ana Silva shares a secret with you',
  'secret read': 'Your secret was read: staging',
  'secret contested': 'Somebody came for your secret after it was read: staging',
  'secret expired': 'Nobody read your secret in time: staging',
  'secret expires soon': 'Nobody has read your secret yet: staging',
  'ask answered': 'Answered: The API token',
  'channel notice': 'Approval needed: deploy/prod',
  test: `Test mail from ${new URL(publicUrl).host}`,
}

describe.each(Object.values(mails))('$kind', (mail) => {
  test('arrives as text and as HTML, with the link that it may hold in both, and says what it is about', async () => {
    const got = await sent(mail)
    if (!got) throw new Error('No mail came.')
    const url =
      'link' in mail.data
        ? [mail.data.link.url]
        : 'url' in mail.data
          ? [mail.data.url]
          : 'publicUrl' in mail.data
            ? [mail.data.publicUrl]
            : []
    expect(got.to).toEqual(['ana@example.com'])
    expect(got.header('subject')).toBe(subjects[mail.kind])
    expect(got.header('from')).toBe('Countersign <sign@example.com>')
    expect(got.header('auto-submitted')).toBe('auto-generated')
    expect(got.header('message-id')).toMatch(/^<[0-9A-Z]{26}@127\.0\.0\.1>$/)
    expect(new Set(got.links.html)).toEqual(new Set(url))
    expect(new Set(got.links.text)).toEqual(new Set([...url, publicUrl])) // the last line names the instance
    expect(got.html).not.toMatch(/<img|src=|url\(/)
    const timed = Object.values<unknown>(mail.data).includes(someTime)
    for (const part of [got.text, got.html])
      expect(part.replace(/\s+/g, ' ').includes('Saturday, 30 November 2126 at 14:05 UTC'), part).toBe(timed)
  })
})

test('an approval request shows what was written as it was written, and names its approval for later mails', async () => {
  const got = await sent(mails['approval request'])
  expect(got?.text).toMatch(/Version 2\.0\r?\nwith <b>markup<\/b>/)
  expect(got?.html).toContain('&lt;b&gt;markup')
  expect(got?.header('references')).toBe('<approval.01JD0000000000000000000000@127.0.0.1>')
  expect((await sent(mails.test))?.header('references')).toBeUndefined()
})

describe('somebody else’s words', () => {
  const hostile = [
    'x\r\nBcc: everybody@example.com',
    'x\nSubject: other',
    'x\u2028Bcc: a@example.com\u0000',
    '\u202Egnp.exe',
    'x'.repeat(5000),
    '=?utf-8?q?=0D=0ABcc:_a@example.com?=',
  ]
  test.each(hostile.map((words) => [words.slice(0, 40), words]))(
    'cannot end a header or turn it around: %j',
    async (_, words) => {
      const data = { ...mails.invitation.data, project: words, invitedBy: words, role: words }
      const got = await sent({ kind: 'invitation', data })
      expect(got?.to).toEqual(['ana@example.com'])
      for (const name of ['bcc', 'cc']) expect(got?.header(name)).toBeUndefined()
      expect(got?.raw.split('\r\n\r\n')[0]?.match(/^subject:/gim)).toHaveLength(1)
      expect(got?.header('subject')).not.toMatch(/[\p{Cc}\u202E\u2028]/u)
      expect(got?.header('subject')?.length).toBeLessThan(130)
      expect(got?.text).not.toMatch(/[^\P{C}\r\n\u2060]/u)
    },
  )

  test('in names are no links', async () => {
    const evil = 'Your account is locked, see https://evil.example/login or mail x@evil.example'
    const got = await sent({ kind: 'invitation', data: { ...mails.invitation.data, invitedBy: evil, project: evil } })
    for (const part of [got?.text, got?.html, got?.header('subject')])
      expect(part).not.toMatch(/evil\.example|https:\/\/evil/)
  })

  test.each(['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', '<a@example.com>', 'a', ''])(
    'are no address: %j is refused before anything is queued',
    async (to) => {
      await sentAll(world)
      await expect(sendMail(sql, ctx, to, mails.test)).rejects.toThrow('one address')
      expect(await sql`select from graphile_worker.jobs`).toHaveLength(0)
    },
  )
})
