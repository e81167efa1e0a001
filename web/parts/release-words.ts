import { visible } from '../../shared/visible.ts'
import type { Answers } from '../api.ts'

type Release = NonNullable<Answers['approvals']['get']['release']>

/** Whole minutes, or seconds. */
const span = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} minute${seconds === 60 ? '' : 's'}` : `${seconds} seconds`

const what = ({ kind, name, codes }: Release): string => {
  const called = `“${visible(name ?? '')}”`
  if (kind === 'secret') return `the secret ${called}`
  if (kind === 'value') return `the value ${called}`
  return codes === 1 ? `one code of the account ${called}` : `${codes} codes of the account ${called}`
}

const kinds: Partial<Record<Release['to']['type'], string>> = { key: 'the API key ', agent: 'the agent ' }

/** What leaves with a yes, and to whom, in one sentence. */
export function releaseSentence(release: Release): string {
  const { kind, codes, name, seconds, to } = release
  if (name === null) return 'What this would release is not there any more.'
  const many = kind === 'codes' && codes !== 1
  const reader = `${kinds[to.type] ?? ''}${visible(to.name)}, ${to.type === 'person' ? 'who' : 'which'}`
  const reading = `can read ${many ? 'them one at a time' : 'it once'} within ${span(seconds)}`
  return `With a yes, ${what(release)} ${many ? 'leave' : 'leaves'} to ${reader} ${reading}.`
}
