import { Anchor, Button, SegmentedControl, TextInput, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { clientOf, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { readingOf } from '../../parts/query.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Shell } from '../../ui/shell.tsx'
import { schemes } from '../dashboard/account-menu.tsx'
import css from './account.module.css'
import { Browsers } from './browsers.tsx'
import { Passkeys } from './passkeys.tsx'
import { Password } from './password.tsx'
import { SecondFactorSetting } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'

export type Me = NonNullable<ReturnType<typeof useMe>['data']>

const useMe = () => useQuery(whoAmI)

/** What belongs to the person and not to a project: name, proofs, sessions, looks. */
export function Account() {
  const me = useMe()
  return (
    <Shell side={<Anchor renderRoot={(props) => <Link {...props} to="/p" />}>Back to your projects</Anchor>}>
      <div className={css.room}>
        <Page narrow title="Account">
          <Reading of={readingOf(me)}>
            {(data) => (
              <>
                <Name me={data} />
                <Password me={data} />
                <Passkeys me={data} />
                <SecondFactorSetting me={data} />
                <Sessions />
                <Browsers me={data} />
                <Looks />
              </>
            )}
          </Reading>
        </Page>
      </div>
    </Shell>
  )
}

function Name({ me }: { me: Me }) {
  const [name, setName] = useState(me.name)
  const rename = useChange({
    run: () => clientOf().me.rename.mutate({ name }),
    says: 'The name is changed.',
    stale: [whoAmI.queryKey],
    here: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void rename.go()
  }
  return (
    <Section title="You" lead={`${me.email}${me.github ? ' · linked with GitHub' : ''}`}>
      <form onSubmit={submit} className={css.line}>
        <TextInput
          label="Name"
          description="Stands beside your decisions in the audit log."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={rename.at('name') ?? rename.fault?.message}
          autoComplete="name"
          maxLength={100}
          required
          withAsterisk={false}
        />
        <Button type="submit" variant="default" loading={rename.busy} disabled={name.trim() === me.name}>
          Save
        </Button>
      </form>
    </Section>
  )
}

function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Section title="Colours" lead="Kept in this browser.">
      <SegmentedControl
        aria-label="Colours"
        value={colorScheme}
        onChange={setColorScheme}
        data={schemes.map(({ value, label }) => ({ value, label }))}
      />
    </Section>
  )
}
