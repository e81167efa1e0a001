import { NativeSelect, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { instanceState } from '../../call.ts'
import { Fold } from '../../ui/fold.tsx'
import { LinesField } from '../../ui/lines-field.tsx'
import { digitsOf } from '../approve/form.ts'
import css from './new.module.css'
import type { FieldProps } from './new-fields.tsx'
import { Groups } from './new-groups.tsx'

const pins = { none: 'None', generate: 'Make six digits', own: 'Digits of my own' } as const
const comments = { optional: 'May comment', required: 'Must comment', off: 'No comment' } as const
const links = {
  bearer: 'Whoever has the link decides',
  signed_in: 'A signed-in person of the project decides',
} as const

const data = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }))
const pick = <Word extends string>(words: Readonly<Record<Word, string>>, value: string, other: Word): Word =>
  // The keys of the record are the words.
  (Object.keys(words) as Word[]).find((one) => one === value) ?? other

/** Who may decide and how carefully; folded away, because an approval needs none of it. */
export function Options({ form, put, at }: FieldProps) {
  const instance = useQuery(instanceState)
  const wrong = ['pin', 'approvers', 'passkey', 'notify', 'ref_id', 'link'].some((field) => at(field) !== undefined)
  return (
    <Fold summary="Who decides, PIN, comment and more" open={wrong}>
      <NativeSelect
        label="Who decides"
        data={data(links)}
        value={form.link}
        onChange={(event) => put({ link: pick(links, event.currentTarget.value, 'bearer') })}
      />
      {form.link === 'signed_in' && (
        <>
          <Groups groups={form.groups} put={(groups) => put({ groups })} at={at} />
          <Switch
            label="Ask for a passkey"
            description="Whoever decides confirms with their device, and signs exactly what they decide on."
            checked={form.passkey}
            onChange={(event) => put({ passkey: event.currentTarget.checked })}
          />
        </>
      )}
      <div className={css.pair}>
        <NativeSelect
          label="PIN"
          description="Told to the approver by another channel than the link."
          data={data(pins)}
          value={form.pin}
          onChange={(event) => put({ pin: pick(pins, event.currentTarget.value, 'none') })}
        />
        {form.pin === 'own' && (
          <TextInput
            label="Digits"
            description="4 to 12."
            inputMode="numeric"
            autoComplete="off"
            value={form.ownPin}
            error={at('pin')}
            onChange={(event) => put({ ownPin: digitsOf(event.currentTarget.value, 12) })}
          />
        )}
      </div>
      <Switch
        label="Ask for a number that only my screen shows"
        description="Against pressing by habit: the approver types the three digits you tell them."
        checked={form.number}
        onChange={(event) => put({ number: event.currentTarget.checked })}
      />
      <div className={css.pair}>
        <NativeSelect
          label="Comment"
          data={data(comments)}
          value={form.comment}
          onChange={(event) => put({ comment: pick(comments, event.currentTarget.value, 'optional') })}
        />
        <TextInput
          label="Reference"
          value={form.reference}
          error={at('ref_id')}
          onChange={(event) => put({ reference: event.currentTarget.value })}
        />
      </div>
      {instance.data?.mail && (
        <LinesField
          label="Mail the link to"
          description="One address per line, at most 10."
          value={form.notify}
          error={at('notify')}
          change={(notify) => put({ notify })}
        />
      )}
    </Fold>
  )
}
