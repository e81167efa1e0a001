import { NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { algorithms } from '../../../../shared/seed.ts'
import type { Change } from '../../../change.ts'
import { Fold } from '../../../ui/fold.tsx'
import { TagsField } from '../../../ui/tags-field.tsx'
import css from './account.module.css'
import type { AccountForm } from './form.ts'
import { SeedField } from './seed-field.tsx'

type Props = {
  form: AccountForm
  put: (words: Partial<AccountForm>) => void
  at: Change<never>['at']
  /** A new account: its seed is asked for, and an otpauth address names it too. */
  fresh: boolean
}

/** Which service, whose account, the seed; how codes are made is folded away, since nearly all do it alike. */
export function AccountFields({ form, put, at, fresh }: Props) {
  const unusual = form.algorithm !== 'SHA1' || form.digits !== 6 || form.period !== 30
  // Once open it stays so, also while somebody types what is usual.
  const [wide, setWide] = useState(unusual)
  if (unusual && !wide) setWide(true)
  const seed = (
    <SeedField
      label={fresh ? 'Seed' : 'New seed'}
      description={
        fresh
          ? 'What the service calls setup key or secret; or the whole otpauth:// address. Blanks and case do not matter.'
          : 'Empty: the old one stays. A new one takes its place at once, for everybody.'
      }
      value={form.seed}
      put={(seed) => put({ seed })}
      read={({ name, issuer, ...rest }) => put(fresh ? { name, issuer, ...rest } : rest)}
      error={at('secret')}
      required={fresh}
    />
  )
  return (
    <div className={css.stack}>
      {fresh && seed}
      <TextInput
        label="Service"
        description="Who asks for the codes, as GitHub."
        value={form.issuer}
        error={at('issuer')}
        maxLength={200}
        onChange={(event) => put({ issuer: event.currentTarget.value })}
      />
      <TextInput
        label="Account name"
        description="Whose login it is: often a user name or an address."
        required
        value={form.name}
        error={at('name')}
        maxLength={200}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <TagsField
        label="Tags"
        description="To find it by, and to limit keys to. Enter or a comma ends one."
        value={form.tags}
        error={at('tags')}
        put={(tags) => put({ tags })}
      />
      {!fresh && seed}
      <Fold
        summary="Advanced: how codes are made"
        open={wide || at('period') !== undefined || at('digits') !== undefined}
      >
        <p className={css.small}>Only where the service says so: nearly all use SHA1, 6 digits, 30 seconds.</p>
        <div className={css.row}>
          <NativeSelect
            label="Algorithm"
            value={form.algorithm}
            data={[...algorithms]}
            onChange={({ currentTarget }) =>
              put({ algorithm: algorithms.find((one) => one === currentTarget.value) ?? 'SHA1' })
            }
          />
          <NativeSelect
            label="Digits"
            value={String(form.digits)}
            error={at('digits')}
            data={['6', '7', '8']}
            onChange={(event) => put({ digits: Number(event.currentTarget.value) })}
          />
          <NumberInput
            label="Seconds"
            value={Number.isNaN(form.period) ? '' : form.period}
            error={at('period')}
            onChange={(next) => put({ period: typeof next === 'number' ? next : Number.NaN })}
            min={15}
            max={120}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            hideControls
          />
        </div>
      </Fold>
    </div>
  )
}
