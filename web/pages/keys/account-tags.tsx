import { Radio } from '@mantine/core'
import { TagsField } from '../../ui/tags-field.tsx'
import type { KeyForm } from './form.ts'
import css from './keys.module.css'

const reaches = {
  any: 'Any account of the project',
  tags: 'Only those with one of these tags',
  granted: 'Only those that it is granted',
} as const satisfies Record<KeyForm['accounts'], string>

type Props = { form: KeyForm; put: (words: Partial<KeyForm>) => void; fault: string | undefined }

/** Which shared TOTP accounts a key may use; it matters to keys that have a scope for accounts. */
export function AccountTags({ form, put, fault }: Props) {
  const { accounts, accountTags } = form
  const all = Object.keys(reaches) as (keyof typeof reaches)[] // the keys of a literal object are exactly its type's keys
  return (
    <div>
      <Radio.Group
        label="TOTP accounts it may use"
        description="What it is granted on an account comes on top."
        value={accounts}
        error={accounts === 'tags' ? undefined : fault}
        size="md"
        onChange={(next) => put({ accounts: all.find((one) => one === next) ?? 'any' })}
      >
        <div className={css.kinds}>
          {all.map((each) => (
            <Radio key={each} value={each} label={reaches[each]} />
          ))}
        </div>
      </Radio.Group>
      {accounts === 'tags' && (
        <TagsField
          label="Tags"
          description="Enter or a comma ends one. With none it is as above: only what it is granted."
          value={accountTags}
          error={fault}
          put={(tags) => put({ accountTags: tags })}
        />
      )}
    </div>
  )
}
