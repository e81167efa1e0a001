import { Failure } from '../../ui/failed.tsx'
import { Section } from '../../ui/page.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Changed } from './changed.tsx'
import css from './policies.module.css'
import type { Tried, Trying } from './trying.ts'
import { type Effect, outcomeWords } from './words.ts'

/** What the draft would have answered lately, beside what was answered by the policies as they are. */
export const Preview = ({ of }: { of: Trying }) => (
  <div className={css.preview}>
    <Section
      title="What it would have answered"
      lead="Tried on the latest requests of this project; nothing is changed."
    >
      <div aria-busy={of.busy}>
        <Inside of={of} />
      </div>
    </Section>
  </div>
)

function Inside({ of: { data, fault, unfinished, retry } }: { of: Trying }) {
  if (unfinished) return <p className={css.note}>Fill in every condition; then it is tried as you type.</p>
  if (fault?.code === 'INVALID_INPUT')
    return (
      <p className={css.fault} role="status">
        It cannot be evaluated. What is wrong is said at its field.
      </p>
    )
  if (fault) return <Failure error={fault} retry={retry} />
  if (!data) return <Waiting rows={2} height={40} />
  if (data.items.length === 0)
    return <p className={css.note}>No agent has asked for anything here yet, so there is nothing to try it on.</p>
  return <Outcome of={data} />
}

/** Why a person is asked about requests that a draft is about. */
const unsaidWords = {
  auto_approve: 'but its scope template would allow more than they ask, so a person is asked.',
  deny: 'as far as can be told: something in them is of another type than it is compared with, so a person is asked.',
  require_approval: '',
} as const satisfies Record<Effect, string>

function Outcome({ of: { items, changed, now, with_draft, effect, enabled, unsaid } }: { of: Tried }) {
  const effects = Object.keys(outcomeWords) as Effect[] // the keys of a literal object are exactly its type's keys
  const otherwise = items.filter((one) => differs(one))
  return (
    <>
      <p role="status" className={css.verdict}>
        {changed === 0
          ? `None of the last ${items.length} requests would be answered otherwise.`
          : `${changed} of the last ${items.length} ${items.length === 1 ? 'request' : 'requests'} would be answered otherwise.`}
      </p>
      <table className={css.counts}>
        <caption className="unseen">Answers now and with the draft</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Now</th>
            <th scope="col">With it</th>
          </tr>
        </thead>
        <tbody>
          {effects.map((one) => (
            <tr key={one}>
              <th scope="row">{outcomeWords[one]}</th>
              <td>{now[one]}</td>
              <td data-differs={now[one] !== with_draft[one] || undefined}>{with_draft[one]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!enabled && <p className={css.small}>It is off, so it answers nothing.</p>}
      {unsaid > 0 && (
        <p className={css.fault}>
          {unsaid} {unsaid === 1 ? 'request fits it' : 'requests fit it'}, {unsaidWords[effect]}
        </p>
      )}
      {changed > otherwise.length && (
        <p className={css.small}>
          {changed - otherwise.length} of them {changed - otherwise.length === 1 ? 'stays' : 'stay'} allowed, with
          another scope.
        </p>
      )}
      {otherwise.length > 0 && <Changed items={otherwise} />}
    </>
  )
}

/** Whether a request gets another answer; what else counts as changed is how much of it is allowed. */
const differs = ({ now, with_draft }: Tried['items'][number]) => now.effect !== with_draft.effect
