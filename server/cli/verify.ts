import { type Receipt, ReceiptError, verifyReceipt } from '../../clients/typescript/src/index.ts'
import { visible } from '../../shared/visible.ts'
import { fileText, pipedText } from './input.ts'
import { keysFrom } from './published.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type VerifyOptions = {
  jwks?: string
  approval?: string
  actionHash?: string
  project?: string
  json?: boolean
}

/** Longest that a value or a scope is shown (characters). */
const longest = 120

const shown = (text: string): string => visible(text.length > longest ? `${text.slice(0, longest)}…` : text)

/** Who decided what when, as one line. */
export function lineOf({ decided_by, action, value, scope, decided_at, approval_id, project, env }: Receipt): string {
  const who = decided_by.map(({ name, type }) => `${visible(name)} (${visible(type)})`).join(', ')
  const set = value === null ? '' : `, which set ${shown(JSON.stringify(value))}`
  const allowed = scope === null ? '' : `, which allowed ${shown(JSON.stringify(scope))}`
  const where = `of approval ${visible(approval_id)} in project ${visible(project)} (${env})`
  return `Proven: ${who} chose ${visible(action)}${set}${allowed}, at ${visible(decided_at)}; ${where}.`
}

/** A receipt as the word itself, a file, or stdin. */
async function receiptIn(terminal: Terminal, word: string): Promise<string> {
  if (word === '-') return (await pipedText(terminal, 'The receipt')).trim()
  return /^[\w-]{20,}\.[\w-]+\.[\w-]*$/.test(word) ? word : fileText(terminal, word, 'The receipt').trim()
}

/** The keys that are named, or those of the server that is. */
function keysNamed(terminal: Terminal, { jwks }: VerifyOptions) {
  const { COUNTERSIGN_JWKS: pinned, COUNTERSIGN_URL: url } = terminal.environment
  const word = jwks ?? pinned ?? (url && `${url.replace(/\/+$/, '')}/.well-known/jwks.json`)
  if (!word) throw new CommandFault('Say which keys: --jwks with a file, an address or JSON.', 2)
  return keysFrom(terminal, word)
}

/** `verify`: says what a receipt proves, or why it proves nothing. */
export async function verify(terminal: Terminal, word: string, options: VerifyOptions): Promise<void> {
  const [receipt, jwks] = [await receiptIn(terminal, word), await keysNamed(terminal, options)]
  const { approval: approvalId, actionHash, project, json } = options
  try {
    const said = await verifyReceipt(receipt, jwks, { approvalId, actionHash, project })
    terminal.out(json ? JSON.stringify({ valid: true, ...said }) : lineOf(said))
  } catch (error) {
    if (!(error instanceof ReceiptError)) throw error
    const { code, message } = error
    if (json) terminal.out(JSON.stringify({ valid: false, code, message }))
    throw new CommandFault(json ? '' : `Not proven: ${message}`)
  }
}
