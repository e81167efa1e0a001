import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Change } from '../../change.ts'
import { Problem } from '../../ui/problem.tsx'
import { Conditions } from './conditions.tsx'
import { EffectFields } from './effect.tsx'
import { NameAndAgent } from './fields.tsx'
import { type Draft, draftIn, type PolicyForm, type Unread } from './form.ts'
import css from './policies.module.css'
import { Preview } from './preview.tsx'
import { usePreview } from './trying.ts'

type Props = {
  start: PolicyForm
  /** The policy that the draft takes the place of, or where a new one goes. */
  at: { id?: string; position?: number }
  change: Change<Draft>
  verb: string
  cancel: () => void
  /** More fields, above the buttons. */
  children?: ReactNode
}

export type Put = (words: Partial<PolicyForm>) => void

/** Writes a policy, beside what it would have answered lately. */
export function Editor({ start, at, change, verb, cancel, children }: Props) {
  const [form, setForm] = useState(start)
  const [tried, setTried] = useState(false)
  const { draft, unread } = draftIn(form)
  const preview = usePreview(draft, unread, at)
  const put: Put = (words) => setForm((now) => ({ ...now, ...words }))
  const fault = (path: string) => faultAt(path, { tried, unread, change, said: preview.fault })
  return (
    <div className={css.editor}>
      <form
        className={css.form}
        noValidate
        aria-label="Policy"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (Object.keys(unread).length === 0) void change.go(draft)
        }}
      >
        <NameAndAgent form={form} put={put} fault={fault} />
        <Conditions form={form} put={put} fault={fault} />
        <EffectFields form={form} put={put} fault={fault} />
        {children}
        <Problem fault={change.fault} />
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            {verb}
          </Button>
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
        </div>
      </form>
      <Preview of={preview} />
    </div>
  )
}

type Sources = {
  /** Whether it was sent once: what is merely not typed yet is no fault before. */
  tried: boolean
  unread: Unread
  change: Change<Draft>
  /** What the server said of the draft while it was tried out. */
  said: ReturnType<typeof usePreview>['fault']
}

/** What is wrong with one field: what cannot be read here, else what the server said of it last. */
function faultAt(path: string, { tried, unread, change, said }: Sources): string | undefined {
  const here = unread[path]
  if (here !== undefined) return tried ? here : undefined
  const drafted = said?.issues.find((issue) => [path, `draft.${path}`].some((one) => isAt(issue.path, one)))
  return drafted?.message ?? change.at(path)
}

const isAt = (given: string, path: string) => given === path || given.startsWith(`${path}.`)
