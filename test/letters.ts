import type { Mail } from '../server/mails/mail.ts'

/** The time that stands in every mail which tells of one. */
export const someTime = '2126-11-30T14:05:00.000Z'

/** A mail of every kind. `words` take the place of what people write: names, memos, titles. */
export function everyMail(
  publicUrl: string,
  words?: string,
): { [Kind in Mail['kind']]: Extract<Mail, { kind: Kind }> } {
  const link = (path: string) => `${publicUrl}/${path}/0123456789ABCDEFGHJKMNPQRS`
  const [project, ana, expiresAt] = [words ?? 'demo', words ?? 'Ana Silva', someTime]
  const named = { id: '01JD0000000000000000000000', project, memo: words ?? 'staging', recipient: 'b***@example.com' }
  return {
    invitation: {
      kind: 'invitation',
      data: { project: words ?? 'Größe & Söhne', role: 'MEMBER', invitedBy: ana, url: link('join'), expiresAt },
    },
    'password reset': { kind: 'password reset', data: { name: ana, url: `${link('reset')}?a=1&b=2`, expiresAt } },
    'address check': { kind: 'address check', data: { name: ana, url: link('check') } },
    'approval request': {
      kind: 'approval request',
      data: {
        project,
        keyPath: words ?? 'deploy/prod',
        info: words ?? 'Version 2.0\nwith <b>markup</b>',
        requestedBy: words ?? 'ci',
        url: link('a'),
        expiresAt,
        approvalId: '01JD0000000000000000000000',
      },
    },
    'permission request': {
      kind: 'permission request',
      data: {
        project,
        agent: words ?? 'my-assistant',
        action: words ?? 'email.send',
        resource: words ?? 'mailbox:support',
        reason: words ?? 'The customer asked for a <b>refund</b>.',
        url: link('p/demo/requests'),
        expiresAt,
        approvalId: '01JD0000000000000000000000',
      },
    },
    'key alert': {
      kind: 'key alert',
      data: { project, key: words ?? 'ci', sentence: 'It came from a new network.', url: link('keys') },
    },
    'secret link': {
      kind: 'secret link',
      data: { project, sharedBy: ana, passphrase: true, url: link('s'), expiresAt },
    },
    'secret read': { kind: 'secret read', data: { ...named, readAt: expiresAt } },
    'secret contested': { kind: 'secret contested', data: { ...named, readAt: expiresAt, cameAt: expiresAt } },
    'secret expired': { kind: 'secret expired', data: { ...named, expiredAt: expiresAt } },
    'secret expires soon': { kind: 'secret expires soon', data: { ...named, expiresAt } },
    'ask answered': { kind: 'ask answered', data: { project, title: words ?? 'The API token', expiresAt } },
    'channel notice': {
      kind: 'channel notice',
      data: {
        title: `Approval needed: ${words ?? 'deploy/prod'}`,
        sentence: `${words ?? 'ci'} asks for a decision.`,
        facts: [['Project', words ?? 'shop']],
        quote: words ?? 'Version 2.0',
        link: { label: 'Look at it and decide', url: `${publicUrl}/p/01JD0000000000000000000000` },
        approvalId: '01JD0000000000000000000000',
      },
    },
    test: { kind: 'test', data: { publicUrl } },
  }
}
