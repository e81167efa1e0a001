import type { Api } from '../../call.ts'
import { Fault } from '../../parts/fault.ts'
import { asFragment, newAskKeys } from '../../parts/seal.ts'
import { canEncrypt, ttlFault } from '../../parts/share/wish.ts'

/** An ask as the form holds it. */
export type AskWish = {
  title: string
  note: string
  /** Seconds to answer, and then to read the answer; NaN while a field holds no number. */
  ttl: number
  answerTtl: number
  browser: boolean
  tellMe: boolean
}

export const emptyAsk = (): AskWish => ({
  title: '',
  note: '',
  ttl: 604_800,
  answerTtl: 604_800,
  browser: canEncrypt(),
  tellMe: false,
})

/** An ask that was made: its two links, shown once. */
export type Asked = { title: string; send: string; keep: string; expiresAt: string; byBrowser: boolean }

/**
 * Makes an ask. Encrypted by browsers: the public half of a key pair goes into the link to send, the private one into the link
 * to keep, each behind the `#`, so the server sees neither and cannot read the answer.
 */
export async function ask(
  wish: AskWish,
  email: string | undefined,
  create: Api['asks']['create']['mutate'],
): Promise<Asked> {
  const issues = [
    { path: 'ttl', message: ttlFault(wish.ttl) },
    { path: 'answer_ttl', message: ttlFault(wish.answerTtl) },
  ].flatMap(({ path, message }) => (message === undefined ? [] : [{ path, message }]))
  if (issues[0]) throw new Fault('INVALID_INPUT', issues[0].message, { issues })
  const made = await create({
    title: wish.title.trim(),
    ttl: wish.ttl,
    answer_ttl: wish.answerTtl,
    encrypted_by: wish.browser ? 'browser' : 'server',
    ...(wish.note.trim() === '' ? {} : { note: wish.note }),
    ...(wish.tellMe && email !== undefined ? { notify: email } : {}),
  })
  const halves = wish.browser ? await newAskKeys() : undefined
  const behind = async (half: Uint8Array<ArrayBuffer> | undefined) => (half ? `#${await asFragment(half)}` : '')
  return {
    title: wish.title.trim(),
    send: made.url + (await behind(halves?.publicHalf)),
    keep: made.answer_url + (await behind(halves?.privateHalf)),
    expiresAt: made.expires_at,
    byBrowser: wish.browser,
  }
}
