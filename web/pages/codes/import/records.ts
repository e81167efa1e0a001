import { type Found, foundOf, textIn } from './found.ts'

/**
 * Records with names of no app in particular, as rows of a CSV or a JSON list. Among them Bitwarden's CSV (`name`,
 * `login_username`, `login_totp`) and 1Password's (`Title`, `Username`, `OTPAuth`). The first name that a record has counts.
 */
const names = {
  secret: ['secret', 'seed', 'logintotp', 'totp', 'otpauth', 'otpauthuri', 'otpauthurl', 'otp', 'uri', 'url', 'key'],
  name: ['loginusername', 'username', 'account', 'accountname', 'user', 'email', 'login', 'label', 'name', 'title'],
  issuer: ['issuer', 'service', 'provider', 'title', 'name'],
  algorithm: ['algorithm', 'algo', 'hash'],
  digits: ['digits', 'length'],
  period: ['period', 'interval', 'step'],
  type: ['otptype', 'tokentype'],
} as const

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Whether these look like records with secrets: one of the columns is named like one. */
export const hasSecrets = (columns: readonly string[]): boolean =>
  columns.some((column) => names.secret.some((name) => name === plain(column)))

/** The account of a record; undefined when it has no secret. */
export function readRecord(record: Record<string, unknown>): Found | undefined {
  const fields = new Map(Object.entries(record).map(([name, value]) => [plain(name), textIn(value)]))
  const take = (field: keyof typeof names, but?: string) =>
    names[field].find((name) => name !== but && fields.get(name) !== undefined)
  const at = (name: string | undefined) => (name === undefined ? undefined : fields.get(name))
  const secret = at(take('secret'))
  if (secret === undefined) return undefined
  const name = take('name')
  return foundOf({
    secret,
    name: at(name),
    // One column is not both.
    issuer: at(take('issuer', name)),
    algorithm: at(take('algorithm')),
    digits: at(take('digits')),
    period: at(take('period')),
    type: at(take('type')),
  })
}
