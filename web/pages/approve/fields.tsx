import { Input, TextInput } from '@mantine/core'
import { MessageSquare } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Fault } from '../../parts/fault.ts'
import { Button } from '../../ui/button.tsx'
import { digitsOf, type Entered } from './form.ts'
import css from './pending.module.css'
import type { Opened } from './reading.ts'

type Props = {
  approval: Opened
  entered: Entered
  change: (entered: Entered) => void
  faults: Partial<Entered>
  /** What the last press was refused for. */
  refused: Fault | null
}

/** What this approval asks for beside the press of a button. */
export function Fields({ approval, entered, change, faults, refused }: Props) {
  const { needs } = approval
  const [opened, setOpened] = useState(false)
  const left = Math.min(approval.attempts_left, refused?.attemptsLeft ?? approval.attempts_left)
  const attempts =
    left === 1 ? 'One attempt left, then the request locks.' : `${left} attempts left, then the request locks.`
  const wrong = (code: Fault['code'], typed: string, sentence: string) =>
    refused?.code === code && typed === '' ? sentence : undefined
  const wrongPin = wrong('WRONG_PIN', entered.pin, 'That PIN is wrong.')
  const wrongNumber = wrong('WRONG_MATCH_NUMBER', entered.match_number, 'That number does not match.')
  const field = useRef<HTMLInputElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a second wrong attempt is a new fault and moves the focus again
  useEffect(() => {
    if (wrongPin || wrongNumber) field.current?.focus()
  }, [refused])
  const digits = { inputMode: 'numeric', autoComplete: 'one-time-code', pattern: '[0-9]*', spellCheck: false } as const
  return (
    <>
      {needs.match_number && (
        <TextInput
          {...digits}
          ref={wrongNumber ? field : undefined}
          name="match_number"
          label="Number shown by the requester"
          description={needs.pin ? 'Three digits.' : `Three digits. ${attempts}`}
          required
          classNames={{ input: css.digits ?? '' }}
          value={entered.match_number}
          onChange={(event) => change({ ...entered, match_number: digitsOf(event.currentTarget.value, 3) })}
          error={faults.match_number ?? wrongNumber}
        />
      )}
      {needs.pin && (
        <TextInput
          {...digits}
          ref={wrongPin ? field : undefined}
          name="pin"
          label="PIN"
          description={attempts}
          required
          classNames={{ input: css.digits ?? '' }}
          value={entered.pin}
          onChange={(event) => change({ ...entered, pin: digitsOf(event.currentTarget.value, 12) })}
          error={faults.pin ?? wrongPin}
        />
      )}
      {needs.comment === 'required' || (needs.comment === 'optional' && opened) ? (
        <Comment
          required={needs.comment === 'required'}
          autoFocus={opened}
          value={entered.comment}
          change={(comment) => change({ ...entered, comment })}
          error={faults.comment}
        />
      ) : null}
      {needs.comment === 'optional' && !opened && (
        <Button look="quiet" icon={<MessageSquare aria-hidden size={18} />} onClick={() => setOpened(true)}>
          Add a comment
        </Button>
      )}
    </>
  )
}

type CommentProps = {
  required: boolean
  autoFocus: boolean
  value: string
  change: (comment: string) => void
  error: string | undefined
}

/** Mantine's Textarea carries an autosize engine that a public page has no weight left for; this is its plain half. */
const Comment = ({ required, autoFocus, value, change, error }: CommentProps) => (
  <Input.Wrapper id="comment" label="Comment" required={required} error={error} size="md">
    <Input<'textarea'>
      component="textarea"
      id="comment"
      name="comment"
      multiline
      size="md"
      rows={2}
      maxLength={2000}
      autoFocus={autoFocus}
      required={required}
      error={error !== undefined}
      aria-describedby={error === undefined ? undefined : 'comment-error'}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  </Input.Wrapper>
)
