import { Alert, Button, TagsInput } from '@mantine/core'
import { Check, Copy, TriangleAlert, X } from 'lucide-react'
import { visible } from '../../../../shared/visible.ts'
import type { Fault } from '../../../parts/fault.ts'
import { CheckField } from '../../../ui/fields.tsx'
import { Mark } from '../../../ui/mark.tsx'
import { Section } from '../../../ui/page.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { Cell, Row, Table } from '../../../ui/rows.tsx'
import type { PreviewRow } from './gathering.ts'
import css from './import.module.css'

const looks = {
  new: { icon: Check, tone: 'ok', word: 'New' },
  duplicate: { icon: Copy, tone: 'quiet', word: 'Duplicate' },
  error: { icon: TriangleAlert, tone: 'bad', word: 'Error' },
} as const

/** How all of them are added. */
export type Choice = { tags: string[]; duplicates: boolean }

type Props = {
  rows: readonly PreviewRow[]
  progress: string
  choice: Choice
  put: (words: Partial<Choice>) => void
  at: (field: string) => string | undefined
  fault: Fault | undefined
  busy: boolean
  leaveOut: (rows: readonly PreviewRow[]) => void
  add: () => void
  /** Asks for the preview once more, where it could not be had. */
  again: (() => void) | undefined
  cancel: () => void
}

const accounts = (count: number) => (count === 1 ? '1 account' : `${count} accounts`)

/** Each account with what would become of it. Nothing has been added yet. */
export function Preview({ rows, progress, choice, put, at, fault, busy, leaveOut, add, again, cancel }: Props) {
  const faulty = rows.filter(({ status }) => status === 'error')
  const duplicates = rows.filter(({ status }) => status === 'duplicate').length
  const adding = rows.length - faulty.length - (choice.duplicates ? 0 : duplicates)
  return (
    <Section title="Preview" lead="Nothing has been added yet.">
      {progress && (
        <Alert color="blue" variant="light" role="status">
          {progress} You can scan the rest first, or add what is here.
        </Alert>
      )}
      {rows.length > 0 && (
        <Table label="What would be imported" head={['Account', 'What would happen', 'Leave out']}>
          {rows.map((row) => {
            const { icon, tone, word } = looks[row.status]
            return (
              <Row key={row.key} quiet={row.status === 'duplicate' && !choice.duplicates}>
                <Cell label="Account">
                  <span className={css.name}>{visible(row.title)}</span>
                </Cell>
                <Cell label="What would happen">
                  <Mark icon={icon} tone={tone}>
                    {word}
                  </Mark>
                  {row.reason && <div className={css.quiet}>{visible(row.reason)}</div>}
                </Cell>
                <Cell label="Leave out">
                  <Button
                    size="xs"
                    variant="default"
                    leftSection={<X aria-hidden size={14} />}
                    aria-label={`Leave out ${visible(row.title)}`}
                    onClick={() => leaveOut([row])}
                  >
                    Leave out
                  </Button>
                </Cell>
              </Row>
            )
          })}
        </Table>
      )}
      {faulty.length > 0 && (
        <Alert color="red" variant="light" icon={<TriangleAlert aria-hidden />}>
          <div className={css.faulty}>
            <span>
              {accounts(faulty.length)} cannot be added. All is added together or nothing, so leave{' '}
              {faulty.length === 1 ? 'it' : 'them'} out to go on.
            </span>
            <Button size="xs" variant="default" onClick={() => leaveOut(faulty)}>
              Leave out all with errors
            </Button>
          </div>
        </Alert>
      )}
      {duplicates > 0 && (
        <CheckField
          label="Add duplicates too"
          description="They make the same codes as accounts that are here already."
          checked={choice.duplicates}
          put={(on) => put({ duplicates: on })}
        />
      )}
      <TagsInput
        label="Tags for all of them"
        description="Press Enter after each."
        value={choice.tags}
        error={at('tags')}
        maxTags={20}
        onChange={(tags) => put({ tags })}
      />
      <Problem fault={fault} />
      <div className={css.buttons}>
        {again ? (
          <Button onClick={again}>Try again</Button>
        ) : (
          <Button loading={busy} disabled={adding === 0 || faulty.length > 0} onClick={add}>
            {adding === 0 ? 'Nothing to add' : `Add ${accounts(adding)}`}
          </Button>
        )}
        <Button variant="default" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </Section>
  )
}
