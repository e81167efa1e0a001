import type { Format } from './format.ts'
import { cut, inert } from './plain.ts'
import type { Notice } from './words.ts'

/** ntfy's five priorities, and the tags that it draws as emoji. */
const looks: Readonly<Record<Notice['tone'], { priority: number; tags: string[] }>> = {
  waiting: { priority: 4, tags: ['raised_hand'] },
  yes: { priority: 3, tags: ['white_check_mark'] },
  no: { priority: 3, tags: ['x'] },
  alarm: { priority: 5, tags: ['warning'] },
  over: { priority: 2, tags: ['hourglass'] },
}

/** Bytes that ntfy takes as a message; more becomes a file. */
const most = 4096

/**
 * ntfy: JSON to the server, plain text. Messages of one approval are one sequence (ntfy 2.16): the outcome takes the place of the
 * first where the reader's app knows sequences, and follows it elsewhere. An alarm stands by itself.
 */
export const formatNtfy: Format = (notice, { address, token }) => {
  const url = new URL(address)
  const facts = notice.facts.map(([name, value]) => `${name}: ${value}`)
  const text = [notice.sentence, ...(notice.quote === null ? [] : [notice.quote]), ...facts].join('\n')
  const sequence = notice.place === 'between' ? null : notice.approvalId
  return {
    method: 'POST',
    url: `${url.origin}/`,
    ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    body: {
      topic: url.pathname.slice(1),
      title: cut(inert(notice.title), 200),
      // A character has at most four bytes.
      message: cut(inert(text), most / 4),
      ...looks[notice.tone],
      click: notice.link.url,
      ...(sequence === null ? {} : { sequence_id: sequence }),
    },
  }
}
