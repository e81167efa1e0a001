import { type Found, foundOf, listIn, objectIn, textIn, Unreadable } from './found.ts'

/**
 * Bitwarden's JSON export (bitwarden.com/help/condition-bitwarden-import): `items`, each `{name, login: {username, totp}}`. Only
 * those with a `totp` count, which is a bare secret, an `otpauth://` address or `steam://`; passwords are not looked at.
 * Undefined: it is another app's.
 */
export function readBitwarden(file: Record<string, unknown>): Found[] | undefined {
  if (!('encrypted' in file && ('items' in file || 'data' in file))) return undefined
  if (file.encrypted === true)
    throw new Unreadable(
      'This Bitwarden export is encrypted. In Bitwarden choose Tools, Export vault, and the format “.json”, not “.json (Encrypted)”.',
    )
  return listIn(file.items).flatMap((one) => {
    const item = objectIn(one) ?? {}
    const login = objectIn(item.login) ?? {}
    const secret = textIn(login.totp)
    return secret === undefined ? [] : foundOf({ name: textIn(login.username), issuer: textIn(item.name), secret })
  })
}
