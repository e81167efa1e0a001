import type { Format } from './format.ts'
import { cut, inert, unmarked } from './plain.ts'
import type { Notice } from './words.ts'

/** Slack's three characters of control: mentions and links are written between them. */
const escaped = (text: string) => inert(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Nothing in it is markup, whoever wrote it. */
const plain = (text: string, max: number) => ({ type: 'plain_text', text: cut(inert(text), max), emoji: false })

const factLines = ({ facts }: Notice) => facts.map(([name, value]) => `${name}: ${value}`)

/** Slack: blocks of plain text, so that only our own link is one; `text` is what a notification shows. */
const slack = (notice: Notice) => ({
  text: cut(escaped(`${notice.title}: ${notice.sentence}`), 2000),
  mrkdwn: false,
  unfurl_links: false,
  unfurl_media: false,
  blocks: [
    { type: 'header', text: plain(notice.title, 150) },
    { type: 'section', text: plain(notice.sentence, 3000) },
    ...(notice.quote === null ? [] : [{ type: 'section', text: plain(notice.quote, 3000) }]),
    { type: 'context', elements: factLines(notice).map((fact) => plain(fact, 300)) },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: `<${notice.link.url}|${notice.link.label}>`, verbatim: true },
    },
  ],
})

/**
 * Mattermost and Rocket.Chat take Slack's older form, and Markdown in it. The link stands on the attachment's title, where
 * neither looks for a preview.
 */
const likeSlack = (notice: Notice) => ({
  attachments: [
    {
      fallback: cut(unmarked(`${notice.title}: ${notice.sentence}`), 2000),
      title: cut(inert(notice.title), 150),
      title_link: notice.link.url,
      text: [notice.sentence, ...(notice.quote === null ? [] : [notice.quote]), ...factLines(notice)]
        .map(unmarked)
        .join('\n'),
    },
  ],
})

/** Incoming webhooks cannot change a message: the outcome follows the first one and names it. */
export const formatSlack: Format = (notice, { address }) => ({
  method: 'POST',
  url: address,
  body: new URL(address).pathname.startsWith('/hooks/') ? likeSlack(notice) : slack(notice),
})
