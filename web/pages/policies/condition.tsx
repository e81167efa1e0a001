import { ActionIcon, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import { type Condition, type Kind, kindIn, kindsFor } from './form.ts'
import css from './policies.module.css'
import { needOf, type Operator, operatorWords } from './words.ts'

const fields = { action: 'action', resource: 'resource', scope: 'scope' } as const satisfies Record<
  Condition['field'],
  string
>

const kindWords = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  json: 'JSON',
} as const satisfies Record<Kind, string>

type Props = {
  condition: Condition
  number: number
  put: (words: Partial<Condition>) => void
  /** Undefined for the only one: a policy has at least one condition. */
  remove: (() => void) | undefined
  /** What is wrong with its field, comparison or value. */
  fault: (part: 'field' | 'op' | 'value') => string | undefined
}

/** One condition: a field, how it is compared, and with what, as the comparison needs it. */
export function ConditionRow({ condition, number, put, remove, fault }: Props) {
  const named = (what: string) => `Condition ${number}: ${what}`
  const all = Object.keys(fields) as Condition['field'][] // the keys of a literal object are exactly its type's keys
  const operators = Object.keys(operatorWords) as Operator[] // as above
  return (
    <li className={css.condition}>
      <div className={css.parts}>
        <NativeSelect
          aria-label={named('field')}
          value={condition.field}
          data={all.map((value) => ({ value, label: fields[value] }))}
          error={condition.field !== 'scope' && fault('field')}
          onChange={({ currentTarget }) => put({ field: all.find((one) => one === currentTarget.value) ?? 'action' })}
        />
        {condition.field === 'scope' && (
          <TextInput
            aria-label={named('place in the scope')}
            placeholder="amount"
            spellCheck={false}
            autoCapitalize="none"
            value={condition.path}
            error={fault('field')}
            onChange={(event) => put({ path: event.currentTarget.value })}
          />
        )}
        <NativeSelect
          aria-label={named('comparison')}
          value={condition.op}
          data={operators.map((value) => ({ value, label: operatorWords[value] }))}
          error={fault('op') ?? (needOf[condition.op] === 'nothing' ? fault('value') : undefined)}
          onChange={({ currentTarget }) =>
            put({ op: operators.find((one) => one === currentTarget.value) ?? 'equals' })
          }
        />
        <Value condition={condition} named={named} put={put} fault={fault('value')} />
      </div>
      {remove && (
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Remove condition ${number}`} onClick={remove}>
          <X aria-hidden size={18} />
        </ActionIcon>
      )}
    </li>
  )
}

type ValueProps = Pick<Props, 'condition' | 'put'> & { named: (what: string) => string; fault: string | undefined }

function Value({ condition, named, put, fault }: ValueProps) {
  const kinds = kindsFor(condition)
  const kind = kindIn(condition)
  const list = needOf[condition.op] === 'list' && kind !== 'json'
  if (kinds.length === 0) return null
  const common = {
    className: css.given ?? '',
    'aria-label': named('value'),
    error: fault,
    value: condition.text,
    spellCheck: false,
    autoCapitalize: 'none',
  }
  return (
    <>
      {kinds.length > 1 && (
        <NativeSelect
          aria-label={named('kind of value')}
          value={kind}
          data={kinds.map((value) => ({ value, label: kindWords[value] }))}
          onChange={({ currentTarget }) => {
            const next = kinds.find((one) => one === currentTarget.value) ?? 'text'
            put({ kind: next, ...(next === 'boolean' ? { text: 'true' } : {}) })
          }}
        />
      )}
      {kind === 'boolean' ? (
        <NativeSelect
          className={css.given ?? ''}
          aria-label={named('value')}
          value={condition.text === 'false' ? 'false' : 'true'}
          error={fault}
          data={['true', 'false']}
          onChange={(event) => put({ text: event.currentTarget.value })}
        />
      ) : list || kind === 'json' ? (
        <Textarea
          {...common}
          autosize
          minRows={list ? 2 : 1}
          maxRows={10}
          placeholder={list ? 'One entry per line' : '["a", 1]'}
          onChange={(event) => put({ text: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          {...common}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          placeholder={condition.op === 'matches' ? 'Regular expression, RE2 syntax' : kind === 'number' ? '50' : ''}
          onChange={(event) => put({ text: event.currentTarget.value })}
        />
      )}
    </>
  )
}
