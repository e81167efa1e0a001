import { setTimeout as sleep } from 'node:timers/promises'
import type { Account, Client, Code } from '../../clients/typescript/src/index.ts'
import { visible } from '../../shared/visible.ts'
import { id } from '../../shared/words.ts'
import type { AskOptions } from './asking.ts'
import { clientOf, refused } from './client.ts'
import { released } from './released.ts'
import { CommandFault, type Terminal } from './terminal.ts'

/** Seconds that are too few to type a code, or to send it over a slow line. */
const tooFew = 5

export type CodeOptions = AskOptions & { waitFresh?: boolean; ask?: boolean; keyPath?: string }

/** One code that people let out. */
async function releasedCode(terminal: Terminal, client: Client, id: string, options: CodeOptions): Promise<void> {
  const what = { keyPath: options.keyPath ?? `release/code/${id}`, release: { account: id } }
  const { code, code_expires_at } = await released(terminal, client, what, options)
  terminal.out(options.json ? JSON.stringify({ id, code, expires_at: code_expires_at }) : `${code}`)
  if (terminal.watched) terminal.err(`It works until ${code_expires_at}.`)
}

/** `code`: the code of a shared account, as it is now. */
export async function code(terminal: Terminal, account: string, options: CodeOptions): Promise<void> {
  const client = clientOf(terminal)
  const found = await idOf(client, account)
  if (options.ask) return releasedCode(terminal, client, found, options)
  const [item] = await client.accounts.codes([found]).catch(refused)
  if (item?.code === undefined) throw new CommandFault(item?.error ? sentenceOf(item) : 'There is no code.')
  // Who has codes by count knows no next one, and would pay for it.
  const waits = options.waitFresh && item.next_code && (item.seconds_remaining ?? 0) <= tooFew
  if (waits) await sleep((item.seconds_remaining ?? 0) * 1000)
  const shown = waits ? nextOf(item) : item
  terminal.out(options.json ? JSON.stringify(shown) : `${shown.code}`)
  if (terminal.watched) terminal.err(`It works until ${shown.expires_at}.`)
}

/** What is wrong, and how to ask where people let codes out. */
const sentenceOf = ({ error, error_code }: Pick<Code, 'error'> & { error_code?: string }): string =>
  error_code === 'ONLY_BY_APPROVAL' ? `${error} Or say --ask, and wait for their answer here.` : (error ?? '')

/** What a look would show now that the time step of this one is over. */
function nextOf(item: Code): Code {
  const { id, next_code, period = 30, expires_at = '' } = item
  const until = new Date(Date.parse(expires_at) + period * 1000).toISOString()
  return { id, code: next_code ?? undefined, next_code: null, period, seconds_remaining: period, expires_at: until }
}

/** The account's id, by its id or by a name or issuer that no other has. */
async function idOf(client: Client, word: string): Promise<string> {
  if (id.safeParse(word).success) return word
  const all: Account[] = []
  for await (const account of client.accounts.list({ q: word, limit: 100 })) all.push(account)
  const lower = word.toLowerCase()
  const called = (account: Account) => [account.name, account.issuer].some((name) => name.toLowerCase() === lower)
  const named = all.filter(called)
  const [only, ...others] = named.length > 0 ? named : all
  if (!only) throw new CommandFault(`There is no account ${word} that this key may use.`)
  if (others.length === 0) return only.id
  const lines = [only, ...others].slice(0, 20).map((one) => `  ${one.id}  ${visible(one.issuer)}  ${visible(one.name)}`)
  throw new CommandFault([`There are several; name one by its id:`, ...lines].join('\n'), 2)
}
