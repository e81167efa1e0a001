import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { whoAmI } from '../../call.ts'
import { Section } from '../../ui/page.tsx'
import { SaveForm } from './save-form.tsx'
import { type RoomProps, useSaving } from './saving.ts'
import css from './settings.module.css'

/** Whether anybody may share one-time secrets here: for who runs the instance, since it opens all of it to strangers. */
export function Guests({ settings, manages }: RoomProps) {
  const { data: me } = useQuery(whoAmI)
  const [on, setOn] = useState(settings.guest_secrets)
  const save = useSaving()
  const may = manages && me?.runs_instance === true
  return (
    <Section
      title="Guests"
      lead={`Anybody who reaches ${location.host}/share or the API can then share one-time secrets, without an account or a key. They stand in this project’s list, which shows no link and no secret to anyone.`}
    >
      <SaveForm save={save} wish={{ guest_secrets: on }} changed={on !== settings.guest_secrets} manages={may}>
        <Switch
          label="Anybody may share one-time secrets here"
          description="Guests cannot have mail sent. They count by their network, 60 a minute. One project of an instance takes guests."
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
          disabled={!may}
        />
      </SaveForm>
      {settings.guest_secrets && (
        <p className={css.quiet}>
          It is on: <a href="/share">{`${location.host}/share`}</a>
        </p>
      )}
    </Section>
  )
}
