import { Button } from '@mantine/core'
import { Plus } from 'lucide-react'
import { ConditionRow } from './condition.tsx'
import type { Put } from './editor.tsx'
import { newCondition, type PolicyForm } from './form.ts'
import css from './policies.module.css'

/** As many as a policy may have. */
const most = 20

type Props = { form: PolicyForm; put: Put; fault: (path: string) => string | undefined }

/** When the policy answers: every condition must hold. */
export const Conditions = ({ form: { conditions }, put, fault }: Props) => (
  <fieldset className={css.set}>
    <legend>It answers when all of this holds</legend>
    <ol className={css.conditions}>
      {conditions.map((condition, at) => (
        <ConditionRow
          key={condition.key}
          condition={condition}
          number={at + 1}
          put={(words) =>
            put({ conditions: conditions.map((one) => (one === condition ? { ...one, ...words } : one)) })
          }
          remove={
            conditions.length === 1
              ? undefined
              : () => put({ conditions: conditions.filter((one) => one !== condition) })
          }
          fault={(part) => fault(`matchers.${at}.${part}`) ?? (part === 'value' ? whole(fault, at) : undefined)}
        />
      ))}
    </ol>
    {conditions.length < most && (
      <Button
        variant="default"
        size="sm"
        leftSection={<Plus aria-hidden size={16} />}
        onClick={() => put({ conditions: [...conditions, newCondition()] })}
      >
        Add a condition
      </Button>
    )}
  </fieldset>
)

/** What was said of a condition as a whole, which stands at its value unless one of its parts has it already. */
const whole = (fault: Props['fault'], at: number) =>
  ['field', 'op'].some((part) => fault(`matchers.${at}.${part}`) !== undefined) ? undefined : fault(`matchers.${at}`)
