import type { Format } from './format.ts'
import { cut, unmarked } from './plain.ts'

/** No preview of any link (`SUPPRESS_EMBEDS`). */
const suppressEmbeds = 4

/** What Discord takes, in characters. */
const most = 2000

/** Discord: Markdown that mentions nobody. The outcome takes the place of the first message, whose id it answered (`wait`). */
export const formatDiscord: Format = (notice, { address }, first) => {
  const url = new URL(address)
  const place = notice.place === 'last' ? first : undefined
  if (place !== undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/messages/${place}`
  else url.searchParams.set('wait', 'true')
  const link = `${notice.link.label}: <${notice.link.url}>`
  const text = [
    `**${unmarked(notice.title)}**`,
    unmarked(notice.sentence),
    ...(notice.quote === null ? [] : notice.quote.split('\n').map((one) => `> ${unmarked(one)}`)),
    ...notice.facts.map(([name, value]) => unmarked(`${name}: ${value}`)),
  ].join('\n')
  return {
    method: place === undefined ? 'POST' : 'PATCH',
    url: url.href,
    body: {
      content: `${cut(text, most - link.length - 1)}\n${link}`,
      allowed_mentions: { parse: [] },
      flags: suppressEmbeds,
    },
  }
}
