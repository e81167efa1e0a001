import type { MailData } from '../mail.ts'
import { Facts, type Letter, Say } from './letter.tsx'
import { asName, asTime, oneLine } from './words.ts'

export function askAnswered({ project, title, expiresAt }: MailData<'ask answered'>): Letter {
  return {
    subject: `Answered: ${asName(oneLine(title, 80))}`,
    preview: 'The secret that was asked for is there.',
    title: 'The secret you asked for is there',
    body: (
      <>
        <Facts
          of={[
            ['Asked for', asName(title)],
            ['Project', asName(project)],
          ]}
        />
        <Say>
          Read it by the link that you kept when you asked. It can be read once, until {asTime(expiresAt)}; then it is
          gone.
        </Say>
      </>
    ),
    closing:
      'You get this because whoever asked wanted this address to be told. Only that link opens the answer, and it is in no mail.',
  }
}
