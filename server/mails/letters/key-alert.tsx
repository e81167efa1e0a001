import type { MailData } from '../mail.ts'
import { type Letter, Say } from './letter.tsx'
import { asName, asText } from './words.ts'

export function keyAlert({ project, key, sentence, url }: MailData<'key alert'>): Letter {
  return {
    subject: `API key ${asName(key)} of ${asName(project)} needs a look`,
    preview: 'Something about an API key needs a look.',
    title: `Look at the API key ${asName(key)}`,
    body: (
      <>
        <Say>{asText(sentence)}</Say>
        <Say>It is a key of the project {asName(project)}. If you cannot explain it, revoke the key.</Say>
      </>
    ),
    action: { label: 'Look at the key', url },
    closing: 'You get this because you look after this project.',
  }
}
