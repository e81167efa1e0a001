import { Switch } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../../ui/page.tsx'
import { SaveForm } from './save-form.tsx'
import { type RoomProps, useSaving } from './saving.ts'

/** Whether codes of shared accounts lie open on their page, for whoever looks over a shoulder or at a shared screen. */
export function Codes({ settings, manages }: RoomProps) {
  const [hidden, setHidden] = useState(settings.codes_hidden)
  const save = useSaving()
  return (
    <Section
      title="Codes of shared accounts"
      lead="Every look is in the account’s log. Where codes lie open, whoever opens the page has looked at them."
    >
      <SaveForm
        save={save}
        wish={{ codes_hidden: hidden }}
        changed={hidden !== settings.codes_hidden}
        manages={manages}
      >
        <Switch
          label="Codes are covered until somebody uncovers one"
          description="For everybody in this project, and on its page only: programs get what they ask for."
          checked={hidden}
          onChange={(event) => setHidden(event.currentTarget.checked)}
          disabled={!manages}
        />
      </SaveForm>
    </Section>
  )
}
