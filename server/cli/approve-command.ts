import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from './terminal.ts'
import { approverGroup, decideTime, several, waitTime } from './words.ts'

/** One button as `--action` spells it. */
export type ActionWord = { key: string; value: string; label?: string; style?: string; veto?: boolean }

/** `key=value[:label[:style[:veto]]]`; in value and label a colon is written `\:` and a backslash `\\`. */
export function actionOf(word: string): ActionWord {
  const at = word.indexOf('=')
  const parts = ['']
  for (const [all, escaped] of word.slice(at + 1).matchAll(/\\([\\:])|[\s\S]/g))
    if (all === ':') parts.push('')
    else parts.push(`${parts.pop()}${escaped ?? all}`)
  const [value = '', label, style, veto = ''] = parts
  if (at < 1 || parts.length > 4 || !['', 'veto', 'no-veto'].includes(veto))
    throw new InvalidArgumentError(
      'It is key=value[:label[:style[:veto]]], with veto or no-veto; a colon inside is written \\:.',
    )
  return {
    ...{ key: word.slice(0, at), value },
    ...(label ? { label } : {}),
    ...(style ? { style } : {}),
    ...(veto ? { veto: veto === 'veto' } : {}),
  }
}

/** A JSON object. */
export function jsonOf(word: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(word)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('It is a JSON object.')
}

const more = `
Needs COUNTERSIGN_URL and COUNTERSIGN_API_KEY (each also as …_FILE) and nothing else of the server.
Without --value and --action there are two buttons, approve=approved and reject=rejected.
Rejected is an action whose style is danger, that is a veto, or whose key is reject or deny; any other is approved.
Where several must agree, one person who chooses a danger ends it; :veto and :no-veto after the style say otherwise.
  countersign approve deploy/prod --approvers "2 of role:ADMIN" --approvers "ana@example.com, ben@example.com" --wait
The link goes to stderr. With --wait the value that was decided goes to stdout.
The wait outlives dropped connections and restarted servers. Interrupted, it leaves the request open unless
--cancel-on-interrupt says otherwise.

Exit codes: 0 approved (without --wait: asked), 1 error, 2 usage or missing environment, 3 rejected,
            4 expired or timed out, 5 invalidated or locked, 130 interrupted.`

/** What every command that asks for an approval takes. */
export const withWish = (command: Command): Command =>
  command
    .option('--info <text>', 'what is asked, as text or Markdown')
    .option('--ref-id <text>', 'a reference of your own')
    .option('--payload <json>', 'facts that the decision is bound to', jsonOf)
    .option('--pin', 'ask for a PIN; it is printed here, once')
    .option('--match-number', 'ask for a number that is shown here')
    .addOption(new Option('--comment <mode>', 'the approver’s comment').choices(['optional', 'required', 'off']))
    .option('--signed-in', 'a signed-in person of the project decides')
    .option('--approver <address or role:…>', 'who may decide; may be given again', (word, before?: string[]) =>
      several(word, before),
    )
    .option(
      '--approvers <"2 of address, role:…">',
      'a group of whom so many must agree; may be given again, and all groups must',
      approverGroup,
    )
    .option('--passkey', 'whoever decides proves it with a passkey')

/** Tells the program of `approve`, which works through the API alone. */
export function addApprove(program: Command, terminal: Terminal): void {
  withWish(
    program
      .command('approve')
      .description('ask a person, by the API of COUNTERSIGN_URL, and wait for the answer')
      .argument('<key_path>', 'the value that the decision sets'),
  )
    .addOption(new Option('--value <text>', 'one Approve button, which sets this').conflicts('action'))
    .option('--action <key=value[:label[:style[:veto]]]>', 'a button; up to three', (word, before?: ActionWord[]) =>
      several(actionOf(word), before),
    )
    .option('--initial-value <text>', 'what the value is until then')
    .option('--ttl <time>', 'time to decide, 10s to 30d (as --timeout, else 10m)', decideTime)
    .option('--idempotency-key <text>', 'the same key and words within 24h: the same request, also after a crash')
    .option('--wait', 'wait until it is decided')
    .addOption(
      new Option('--timeout <time>', 'wait at most so long (implies --wait)')
        .argParser(waitTime)
        .implies({ wait: true }),
    )
    .option('--cancel-on-interrupt', 'withdraw the request when the wait is interrupted')
    .option('--json', 'print one JSON object')
    .addHelpText('after', more)
    .action(async (keyPath, options) => (await import('./approve.ts')).approve(terminal, keyPath, options))
}
