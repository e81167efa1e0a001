import { Checkbox, Textarea, TextInput } from '@mantine/core'
import type { Change } from '../../change.ts'
import { LiveOrTest } from '../../ui/live-or-test.tsx'
import css from './agents.module.css'
import { allExtras, type Extra, extras } from './words.ts'

type Named = { name: string; description: string }
type Fields<Form> = { form: Form; put: (words: Partial<Form>) => void; at: Change<never>['at'] }

/** What an agent is called. */
export const NameFields = ({ form, put, at }: Fields<Named>) => (
  <>
    <TextInput
      label="Name"
      description="For people to tell agents apart."
      required
      maxLength={255}
      data-autofocus
      value={form.name}
      error={at('name')}
      onChange={(event) => put({ name: event.currentTarget.value })}
    />
    <Textarea
      label="Description"
      description="What it does, for whoever is asked."
      rows={2}
      autosize
      maxLength={1000}
      value={form.description}
      error={at('description')}
      onChange={(event) => put({ description: event.currentTarget.value })}
    />
  </>
)

export type KeyWish = { env: 'live' | 'test'; scopes: readonly Extra[] }

/** What a key of an agent is for, and what it may do beside asking. */
export const KeyFields = ({ form, put, at }: Fields<KeyWish>) => (
  <>
    <div>
      <LiveOrTest value={form.env} put={(env) => put({ env })} />
      <p className={css.small}>
        {form.env === 'test'
          ? 'A test key is allowed everything at once, nobody is asked, and it touches test objects only.'
          : 'What it asks with a live key is answered by a person, or by a policy.'}
      </p>
    </div>
    <Checkbox.Group
      label="What its key may do beside asking for permission"
      description="Asking is always in it. Give it no more than it needs."
      size="md"
      value={[...form.scopes]}
      error={at('scopes')}
      onChange={(next) => put({ scopes: allExtras.filter((one) => next.includes(one)) })}
    >
      <div className={css.choices}>
        {allExtras.map((one) => (
          <Checkbox key={one} value={one} label={extras[one]} />
        ))}
      </div>
    </Checkbox.Group>
  </>
)
