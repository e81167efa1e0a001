import { Radio, Textarea, TextInput } from '@mantine/core'
import type { Put } from './editor.tsx'
import type { PolicyForm } from './form.ts'
import css from './policies.module.css'
import type { Effect } from './words.ts'

const choices = {
  auto_approve: ['Allow it at once', 'Nobody is asked; the agent gets its token.'],
  require_approval: ['Ask a person', 'Whatever the policies below would say.'],
  deny: ['Deny it', 'Nobody is asked; the agent is told why.'],
} as const satisfies Record<Effect, readonly [string, string]>

type Props = { form: PolicyForm; put: Put; fault: (path: string) => string | undefined }

/** What becomes of a request that fits, and what goes with it. */
export function EffectFields({ form, put, fault }: Props) {
  const all = Object.keys(choices) as Effect[] // the keys of a literal object are exactly its type's keys
  return (
    <>
      <Radio.Group
        label="Then"
        size="md"
        value={form.effect}
        error={fault('effect')}
        onChange={(next) => put({ effect: all.find((one) => one === next) ?? 'require_approval' })}
      >
        <div className={css.choices}>
          {all.map((one) => (
            <Radio key={one} value={one} label={choices[one][0]} description={choices[one][1]} />
          ))}
        </div>
      </Radio.Group>
      {form.effect === 'auto_approve' && (
        <Textarea
          label="Allow less than was asked (scope template)"
          description="A JSON object that is laid over the scope. It may only narrow: drop some items of a list, bring a number nearer to 0, turn true into false. Where it does not, a person is asked. Empty: as it was asked."
          placeholder={'{"max": 1}'}
          autosize
          minRows={2}
          maxRows={12}
          spellCheck={false}
          classNames={{ input: css.mono ?? '' }}
          value={form.template}
          error={fault('scope_template')}
          onChange={(event) => put({ template: event.currentTarget.value })}
        />
      )}
      {form.effect === 'deny' && (
        <TextInput
          label="What the agent is told"
          description="Empty: that this policy denies it."
          maxLength={500}
          value={form.reason}
          error={fault('reason')}
          onChange={(event) => put({ reason: event.currentTarget.value })}
        />
      )}
    </>
  )
}
