import type { Format } from './format.ts'
import { cut, inert } from './plain.ts'
import type { Notice } from './words.ts'

const colours: Readonly<Record<Notice['tone'], string>> = {
  waiting: 'Accent',
  yes: 'Good',
  no: 'Attention',
  alarm: 'Attention',
  over: 'Default',
}

/** A run of text: the one element of a card in which Teams reads no Markdown. */
const run = (text: string, more: Record<string, unknown> = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text: inert(text), ...more }],
})

/** Microsoft Teams: an Adaptive Card 1.4 in the envelope that workflows take. A later message follows the first. */
export const formatTeams: Format = (notice, { address }) => ({
  method: 'POST',
  url: address,
  body: {
    type: 'message',
    summary: cut(inert(notice.title), 200),
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          fallbackText: inert(`${notice.title}: ${notice.sentence}`),
          body: [
            run(notice.title, { size: 'Large', weight: 'Bolder', color: colours[notice.tone] }),
            run(notice.sentence),
            ...(notice.quote === null ? [] : notice.quote.split('\n').map((one) => run(one || ' ', { italic: true }))),
            ...notice.facts.map(([name, value]) => run(`${name}: ${value}`, { isSubtle: true })),
          ],
          actions: [{ type: 'Action.OpenUrl', title: notice.link.label, url: notice.link.url }],
        },
      },
    ],
  },
})
