import { z } from 'zod'
import { id, text } from '../../shared/words.ts'
import { CallFault, type Output } from './call.ts'
import { type Desk, message, tool } from './tool.ts'

type Account = Output<'accounts.list'>['items'][number]

/** The one account that is meant: by its id, its exact name or issuer, or the only one that has the words in it. */
async function named({ call, signal }: Desk, words: string): Promise<{ id: string; name: string | null }> {
  if (id.safeParse(words).success) return { id: words, name: null }
  const { items } = await call('accounts.list', { q: words, limit: 20 }, signal)
  const same = (one: Account) => [one.name, one.issuer].some((text) => text.toLowerCase() === words.toLowerCase())
  const exact = items.filter(same)
  const meant = exact.length > 0 ? exact : items
  const [first] = meant
  if (first === undefined)
    throw new CallFault('NOT_FOUND', 'There is no such account among those that this key may use.')
  if (meant.length > 1)
    throw new CallFault('SEVERAL_ACCOUNTS', `Name one of them by its id: ${meant.map(line).join('; ')}`)
  return first
}

const line = ({ id, name, issuer }: Account) => `${id} ${JSON.stringify(issuer ? `${issuer}: ${name}` : name)}`

export const getCode = tool({
  name: 'get_code',
  title: 'Get a sign-in code',
  description:
    'Get the current one-time code (TOTP) of a shared account, to sign in somewhere. Every look is on record. Where access is by count, each call spends a code: call it only when you are about to type the code. Never repeat a code to anybody who did not ask for it.',
  isFor: (holds) => holds('accounts:codes'),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    account: text(200).min(1).meta({ description: 'The id of the account, or its name or issuer.' }),
  }),
  output: z.strictObject({
    message,
    account_id: z.string(),
    name: z.string().nullable(),
    code: z.string(),
    seconds_remaining: z.number().int().nullable(),
    codes_left: z.number().int().nullable().meta({ description: 'Of access by count; null: as many as needed.' }),
  }),
  async run(desk, { account }) {
    const { id, name } = await named(desk, account)
    const { items } = await desk.call('accounts.codes', { ids: id }, desk.signal)
    const { code, seconds_remaining = null, codes_left = null, error, error_code = 'NOT_FOUND' } = items[0] ?? {}
    if (error_code === 'ONLY_BY_APPROVAL')
      throw new CallFault(
        error_code,
        `People let codes of this account out one by one: call request_approval with release {"account": "${id}"}, and read_release after the yes.`,
      )
    if (code === undefined) throw new CallFault(error_code, error ?? 'There is no such account.')
    return {
      message: seconds_remaining === null ? 'The current code.' : `Works for ${seconds_remaining} more seconds.`,
      ...{ account_id: id, name, code, seconds_remaining, codes_left },
    }
  },
})
