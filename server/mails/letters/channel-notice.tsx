import type { MailData } from '../mail.ts'
import { Facts, type Letter, Quote, Say } from './letter.tsx'
import { asName, asText, oneLine } from './words.ts'

/** Any event that a mail channel is told of. The link asks who you are: it can be passed on, and decides nothing. */
export function channelNotice({ title, sentence, facts, quote, link }: MailData<'channel notice'>): Letter {
  return {
    subject: oneLine(title, 150),
    preview: 'News of a project.',
    title: asName(title),
    body: (
      <>
        <Say>{asName(sentence)}</Say>
        {quote !== null && <Quote words={asText(quote)} />}
        <Facts of={facts.map(([name, value]) => [name, asName(value)] as const)} />
      </>
    ),
    action: link,
    closing:
      'You get this because a project sends its news to this address; its admins can change that. Opening the link decides nothing.',
  }
}
